package dev.tidewheel.drift.performance;

/**
 * What a {@link Performance} amounts to. NaN where undefined: everything without rows, the AUC of one class.
 *
 * @param rows with prediction and label
 * @param accuracy at 0.5
 * @param logLoss natural logarithm
 * @param auc area under the ROC curve, ties half
 * @param brier mean squared difference
 * @param calibrationError expected calibration error over ten bins
 * @param labelShare the share of rows with label 1
 */
public record PerformanceValues(
        long rows,
        double accuracy,
        double logLoss,
        double auc,
        double brier,
        double calibrationError,
        double labelShare) {
    public PerformanceValues {
        if (rows < 0) {
            throw new IllegalArgumentException("there are no " + rows + " rows");
        }
    }
}
