package dev.tidewheel.workbench.demo;

import java.util.Arrays;

/** The area under the ROC curve: how often a positive row has a greater score than a negative one, ties counting half. */
final class Auc {
    private Auc() {}

    /**
     * @param scores one per row
     * @param positive whether the row is of class 1
     * @return NaN without rows of both classes
     */
    static double of(double[] scores, boolean[] positive) {
        if (scores.length != positive.length) {
            throw new IllegalArgumentException(scores.length + " scores, " + positive.length + " labels");
        }
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
        double rankSum = 0;
        long positives = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            long tied = 0;
            while (to < order.length && Double.compare(scores[order[to]], scores[order[from]]) == 0) {
                tied += positive[order[to++]] ? 1 : 0;
            }
            rankSum += tied * (from + 1 + to) / 2.0;
            positives += tied;
            from = to;
        }
        long negatives = order.length - positives;
        return positives == 0 || negatives == 0
                ? Double.NaN
                : (rankSum - positives * (positives + 1) / 2.0) / positives / negatives;
    }
}
