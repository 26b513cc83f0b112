package dev.tidewheel.trainer.logistic;

import java.util.ArrayList;
import java.util.List;

/**
 * Fits a logistic regression by Newton's method (iteratively reweighted least squares).
 *
 * <p>The objective is the mean log loss plus ridge / 2 · Σ weight², over the scaled inputs and their null indicators; the
 * bias is free. It is strictly convex, so there is one optimum, and it is reached to the last digits in about ten steps,
 * whatever the order of the rows and without a learning rate to choose. The penalty is only there to decide between columns
 * that say the same, such as the null indicators of one window.
 *
 * <p>Runs on the calling thread; the same examples give the same bits. With n rows and c inputs a step takes
 * n · (2c + 1)² / 2 multiplications: for a hundred thousand rows and 26 inputs, a tenth of a second.
 *
 * @param ridge the penalty; greater than 0
 * @param maxSteps after which the fit is given up
 */
public record LogisticFit(double ridge, int maxSteps) {

    /** So small that it decides nothing but ties. */
    public static final LogisticFit DEFAULT = new LogisticFit(1e-6, 100);

    /** Half the squared Newton decrement, an estimate of how far the objective is from its least value. */
    private static final double CONVERGED = 1e-14;

    /** Share of the expected decrease that a step must bring (Armijo's rule). */
    private static final double SUFFICIENT = 1e-4;

    private static final int MAX_HALVINGS = 40;

    /** Checks the ranges. */
    public LogisticFit {
        if (!(ridge > 0) || maxSteps < 1) {
            throw new IllegalArgumentException("ridge and steps must be positive: " + ridge + ", " + maxSteps);
        }
    }

    /**
     * Fits a model.
     *
     * @throws IllegalArgumentException if all labels are the same, so that there is nothing to learn
     * @throws IllegalStateException if it does not converge
     */
    public LogisticModel fit(Examples examples) {
        requireBothLabels(examples);
        List<Scaling> scalings = Scaling.fit(examples);
        LogisticObjective objective = new LogisticObjective(examples, scalings, ridge);
        return model(minimum(objective), examples.inputs(), scalings);
    }

    private static void requireBothLabels(Examples examples) {
        int positives = 0;
        for (int row = 0; row < examples.rows(); row++) {
            positives += examples.label(row) ? 1 : 0;
        }
        if (positives == 0 || positives == examples.rows()) {
            throw new IllegalArgumentException(positives + " of " + examples.rows()
                    + " labels are true: a classifier needs both kinds; choose a longer time or another label");
        }
    }

    private double[] minimum(LogisticObjective objective) {
        double[] weights = new double[objective.dimensions()];
        for (int step = 0; step < maxSteps; step++) {
            LogisticObjective.Point point = objective.at(weights);
            double[] direction = Cholesky.of(point.hessian()).solve(point.gradient());
            double decrease = dot(point.gradient(), direction);
            if (decrease / 2 <= CONVERGED) {
                return weights;
            }
            weights = descend(objective, weights, direction, point.value(), decrease);
        }
        throw new IllegalStateException("the fit did not converge in " + maxSteps + " steps; use a greater ridge");
    }

    /** Halves the step until it brings enough: far from the optimum a full one may go too far. */
    private static double[] descend(
            LogisticObjective objective, double[] from, double[] direction, double value, double decrease) {
        double length = 1;
        for (int halving = 0; halving < MAX_HALVINGS; halving++) {
            double[] to = new double[from.length];
            for (int i = 0; i < to.length; i++) {
                to[i] = from[i] - length * direction[i];
            }
            if (objective.value(to) <= value - SUFFICIENT * length * decrease) {
                return to;
            }
            length /= 2;
        }
        throw new IllegalStateException("the fit found no better weights at objective " + value
                + " with an expected decrease of " + decrease + "; use a greater ridge");
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static LogisticModel model(double[] weights, List<String> inputs, List<Scaling> scalings) {
        List<LogisticModel.Term> terms = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            terms.add(new LogisticModel.Term(inputs.get(i), scalings.get(i), weights[i], weights[inputs.size() + i]));
        }
        return new LogisticModel(terms, weights[2 * inputs.size()]);
    }
}
