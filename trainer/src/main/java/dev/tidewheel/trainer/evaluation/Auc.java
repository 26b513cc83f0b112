package dev.tidewheel.trainer.evaluation;

import java.util.Arrays;

/**
 * The area under the ROC curve: the share of (true, false) pairs of rows in which the true one has the greater
 * prediction, ties counting half. Equal to the Mann–Whitney statistic U / (n₁ · n₀), counted in whole numbers.
 */
public final class Auc {

    private Auc() {}

    /**
     * The area.
     *
     * @param predictions none NaN
     * @return 0 to 1; NaN if all labels are the same
     */
    public static double of(double[] predictions, boolean[] labels) {
        double[] positives = select(predictions, labels, true);
        double[] negatives = select(predictions, labels, false);
        if (positives.length == 0 || negatives.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(positives);
        Arrays.sort(negatives);
        long halves = 0;
        int below = 0;
        int notAbove = 0;
        for (double positive : positives) {
            while (below < negatives.length && negatives[below] < positive) {
                below++;
            }
            while (notAbove < negatives.length && negatives[notAbove] <= positive) {
                notAbove++;
            }
            // Twice the wins, once the ties: below + (below + ties).
            halves += (long) below + notAbove;
        }
        return halves / (2.0 * positives.length * negatives.length);
    }

    private static double[] select(double[] predictions, boolean[] labels, boolean wanted) {
        double[] selected = new double[predictions.length];
        int count = 0;
        for (int i = 0; i < predictions.length; i++) {
            if (Double.isNaN(predictions[i])) {
                throw new IllegalArgumentException("the prediction of row " + i + " is NaN");
            }
            if (labels[i] == wanted) {
                // −0.0 is 0.0 here: the sort must not tell them apart.
                selected[count++] = predictions[i] + 0.0;
            }
        }
        return Arrays.copyOf(selected, count);
    }
}
