package dev.tidewheel.history.parity;

import java.util.Arrays;
import java.util.Comparator;

/**
 * How well predictions of a class met the truth.
 *
 * @param rows how many had both a prediction and a label
 * @param positives how many labels were 1
 * @param auc the area under the ROC curve, ties counted half; NaN unless both labels occur
 * @param logLoss the mean of −log of the probability given to the truth, probabilities clipped to [1e-15, 1 − 1e-15]; NaN
 *     without rows
 * @param brier the mean squared difference; NaN without rows
 */
public record Performance(long rows, long positives, double auc, double logLoss, double brier) {
    private static final double SMALLEST = 1e-15;

    /**
     * @param predictions probabilities of class 1
     * @param labels 0 or 1, one per prediction
     */
    public static Performance of(double[] predictions, double[] labels) {
        if (predictions.length != labels.length) {
            throw new IllegalArgumentException(predictions.length + " predictions, " + labels.length + " labels");
        }
        int rows = predictions.length;
        double logLoss = 0;
        double brier = 0;
        long positives = 0;
        for (int row = 0; row < rows; row++) {
            double clipped = Math.min(1 - SMALLEST, Math.max(SMALLEST, predictions[row]));
            logLoss -= Math.log(labels[row] == 1 ? clipped : 1 - clipped);
            brier += (predictions[row] - labels[row]) * (predictions[row] - labels[row]);
            positives += labels[row] == 1 ? 1 : 0;
        }
        return new Performance(rows, positives, auc(predictions, labels, positives), logLoss / rows, brier / rows);
    }

    /** By the sum of the positives' ranks, the mean rank for ties. */
    private static double auc(double[] predictions, double[] labels, long positives) {
        int rows = predictions.length;
        long negatives = rows - positives;
        if (positives == 0 || negatives == 0) {
            return Double.NaN;
        }
        Integer[] order = new Integer[rows];
        Arrays.setAll(order, row -> row);
        Arrays.sort(order, Comparator.comparingDouble(row -> predictions[row]));
        double rankSum = 0;
        for (int start = 0; start < rows; ) {
            int end = start;
            long positivesHere = 0;
            while (end < rows && predictions[order[end]] == predictions[order[start]]) {
                positivesHere += labels[order[end]] == 1 ? 1 : 0;
                end++;
            }
            rankSum += positivesHere * (start + 1 + end) / 2.0;
            start = end;
        }
        return (rankSum - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
    }
}
