package dev.tidewheel.trainer.logistic;

import java.util.List;

/**
 * What {@link LogisticFit} minimises, with its derivatives. Weights are ordered: scaled inputs, null indicators, bias. For
 * one thread.
 */
final class LogisticObjective {

    private final Examples examples;
    private final Scaling[] scalings;
    private final double ridge;
    private final float[] raw;
    private final double[] row;

    LogisticObjective(Examples examples, List<Scaling> scalings, double ridge) {
        this.examples = examples;
        this.scalings = scalings.toArray(Scaling[]::new);
        this.ridge = ridge;
        this.raw = new float[scalings.size()];
        this.row = new double[2 * scalings.size() + 1];
    }

    /**
     * The objective around some weights.
     *
     * @param hessian lower triangle, row by row; symmetric
     */
    record Point(double value, double[] gradient, double[][] hessian) {}

    int dimensions() {
        return row.length;
    }

    /** Value only. */
    double value(double[] weights) {
        double loss = 0;
        for (int i = 0; i < examples.rows(); i++) {
            load(i);
            loss += loss(margin(weights), examples.label(i));
        }
        return loss / examples.rows() + penalty(weights);
    }

    /** Value and derivatives. */
    Point at(double[] weights) {
        int size = row.length;
        double loss = 0;
        double[] gradient = new double[size];
        double[][] hessian = new double[size][];
        for (int i = 0; i < size; i++) {
            hessian[i] = new double[i + 1];
        }
        for (int i = 0; i < examples.rows(); i++) {
            load(i);
            double margin = margin(weights);
            double p = 1 / (1 + Math.exp(-margin));
            loss += loss(margin, examples.label(i));
            accumulate(p - (examples.label(i) ? 1 : 0), p * (1 - p), gradient, hessian);
        }
        finish(weights, gradient, hessian);
        return new Point(loss / examples.rows() + penalty(weights), gradient, hessian);
    }

    private void accumulate(double residual, double curvature, double[] gradient, double[][] hessian) {
        for (int i = 0; i < row.length; i++) {
            double x = row[i];
            if (x == 0) {
                continue;
            }
            gradient[i] += residual * x;
            double scaled = curvature * x;
            double[] target = hessian[i];
            for (int j = 0; j <= i; j++) {
                target[j] += scaled * row[j];
            }
        }
    }

    private void finish(double[] weights, double[] gradient, double[][] hessian) {
        int bias = row.length - 1;
        double rows = examples.rows();
        for (int i = 0; i < row.length; i++) {
            double penalty = i == bias ? 0 : ridge;
            gradient[i] = gradient[i] / rows + penalty * weights[i];
            for (int j = 0; j <= i; j++) {
                hessian[i][j] /= rows;
            }
            hessian[i][i] += penalty;
        }
    }

    private void load(int index) {
        examples.copyRow(index, raw, 0);
        for (int i = 0; i < raw.length; i++) {
            row[i] = scalings[i].apply(raw[i]);
            row[raw.length + i] = Float.isNaN(raw[i]) ? 1 : 0;
        }
        row[row.length - 1] = 1;
    }

    private double margin(double[] weights) {
        double margin = 0;
        for (int i = 0; i < row.length; i++) {
            margin += weights[i] * row[i];
        }
        return margin;
    }

    /** −ln of the probability of what came true: ln(1 + exp(∓margin)), without overflow. */
    private static double loss(double margin, boolean label) {
        double against = label ? -margin : margin;
        return Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
    }

    private double penalty(double[] weights) {
        double squares = 0;
        for (int i = 0; i < weights.length - 1; i++) {
            squares += weights[i] * weights[i];
        }
        return ridge / 2 * squares;
    }
}
