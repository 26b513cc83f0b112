package dev.tidewheel.trainer.logistic;

import java.util.List;

/**
 * How a column becomes what a linear model can weigh: null becomes the mean, then (x − mean) / deviation.
 *
 * @param mean of the column's values in training; 0 if it had none
 * @param deviation their standard deviation (population); 1 for a column that never varied
 */
public record Scaling(double mean, double deviation) {

    /** Checks that a division by the deviation makes sense. */
    public Scaling {
        if (!Double.isFinite(mean) || !Double.isFinite(deviation) || deviation <= 0) {
            throw new IllegalArgumentException("no scaling: mean " + mean + ", deviation " + deviation);
        }
    }

    /** Learns the scaling of every column. */
    public static List<Scaling> fit(Examples examples) {
        Scaling[] scalings = new Scaling[examples.inputs().size()];
        for (int i = 0; i < scalings.length; i++) {
            scalings[i] = fit(examples.column(i));
        }
        return List.of(scalings);
    }

    private static Scaling fit(float[] column) {
        long count = 0;
        double sum = 0;
        for (float value : column) {
            if (!Float.isNaN(value)) {
                count++;
                sum += value;
            }
        }
        if (count == 0) {
            return new Scaling(0, 1);
        }
        double mean = sum / count;
        double squares = 0;
        for (float value : column) {
            if (!Float.isNaN(value)) {
                squares += (value - mean) * (value - mean);
            }
        }
        double deviation = Math.sqrt(squares / count);
        return new Scaling(mean, deviation > 0 ? deviation : 1);
    }

    /** The scaled value; 0 for NaN. */
    double apply(float value) {
        return Float.isNaN(value) ? 0 : (value - mean) / deviation;
    }
}
