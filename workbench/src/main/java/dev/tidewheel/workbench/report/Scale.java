package dev.tidewheel.workbench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values to positions on an axis.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}
 * @param from position in the picture
 * @param to position in the picture
 */
record Scale(double low, double high, double from, double to) {
    private static final double[] STEPS = {1, 2, 5};

    Scale {
        if (!(high > low)) {
            throw new IllegalArgumentException("an axis needs a range, not " + low + " to " + high);
        }
    }

    double at(double value) {
        return from + (value - low) / (high - low) * (to - from);
    }

    /** Round values within the range, at most {@code most} of them. */
    List<Double> ticks(int most) {
        double step = step((high - low) / most);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** The smallest of 1, 2, 5, 10, 20, 50 … that is at least the wanted one. */
    private static double step(double wanted) {
        double magnitude = Math.pow(10, Math.floor(Math.log10(wanted)));
        for (double factor : STEPS) {
            if (factor * magnitude >= wanted * (1 - 1e-9)) {
                return factor * magnitude;
            }
        }
        return 10 * magnitude;
    }
}
