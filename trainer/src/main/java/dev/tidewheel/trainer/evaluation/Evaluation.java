package dev.tidewheel.trainer.evaluation;

import java.util.List;

/**
 * How good predicted probabilities are.
 *
 * @param rows how many were judged
 * @param positives how many labels are true
 * @param auc see {@link Auc}
 * @param logLoss mean of −ln of the probability given to what came true, probabilities bounded by 1e-15
 * @param brier mean of (prediction − label)²
 * @param calibration by tenths of the prediction
 * @param calibrationError mean distance of prediction and share over the bins, weighted by their rows
 */
public record Evaluation(
        long rows,
        long positives,
        double auc,
        double logLoss,
        double brier,
        double calibrationError,
        List<CalibrationBin> calibration) {

    private static final double BOUND = 1e-15;

    /** Copies the bins. */
    public Evaluation {
        calibration = List.copyOf(calibration);
    }

    /**
     * Judges predictions.
     *
     * @param predictions probabilities of a true label, at least one
     * @throws IllegalArgumentException if there are none, or one is no probability
     */
    public static Evaluation of(double[] predictions, boolean[] labels) {
        if (predictions.length == 0 || predictions.length != labels.length) {
            throw new IllegalArgumentException(predictions.length + " predictions for " + labels.length + " labels");
        }
        long positives = 0;
        double brier = 0;
        for (int i = 0; i < predictions.length; i++) {
            double p = requireProbability(predictions[i], i);
            double y = labels[i] ? 1 : 0;
            positives += labels[i] ? 1 : 0;
            brier += (p - y) * (p - y);
        }
        List<CalibrationBin> bins = CalibrationBin.tenths(predictions, labels);
        return new Evaluation(
                predictions.length,
                positives,
                Auc.of(predictions, labels),
                logLoss(predictions, labels),
                brier / predictions.length,
                CalibrationBin.error(bins),
                bins);
    }

    /** The mean of −ln of the probability given to what came true. */
    static double logLoss(double[] predictions, boolean[] labels) {
        double sum = 0;
        for (int i = 0; i < predictions.length; i++) {
            double p = requireProbability(predictions[i], i);
            sum -= Math.log(Math.max(labels[i] ? p : 1 - p, BOUND));
        }
        return sum / predictions.length;
    }

    private static double requireProbability(double p, int row) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("the prediction of row " + row + " is no probability: " + p);
        }
        return p;
    }
}
