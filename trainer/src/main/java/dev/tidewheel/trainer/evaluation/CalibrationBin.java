package dev.tidewheel.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose predictions lie close together: how often it came true, beside what was predicted.
 *
 * @param from smallest prediction of the bin, inclusive
 * @param to largest, exclusive, but inclusive in the last bin
 * @param rows in it; at least one
 * @param meanPrediction of its rows
 * @param share of its rows whose label is true
 */
public record CalibrationBin(double from, double to, long rows, double meanPrediction, double share) {

    private static final int BINS = 10;

    /** The bins of width 0.1 that hold rows. */
    static List<CalibrationBin> tenths(double[] predictions, boolean[] labels) {
        long[] rows = new long[BINS];
        long[] positives = new long[BINS];
        double[] sums = new double[BINS];
        for (int i = 0; i < predictions.length; i++) {
            int bin = Math.min((int) (predictions[i] * BINS), BINS - 1);
            rows[bin]++;
            positives[bin] += labels[i] ? 1 : 0;
            sums[bin] += predictions[i];
        }
        List<CalibrationBin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            if (rows[bin] > 0) {
                bins.add(new CalibrationBin(
                        (double) bin / BINS,
                        (double) (bin + 1) / BINS,
                        rows[bin],
                        sums[bin] / rows[bin],
                        (double) positives[bin] / rows[bin]));
            }
        }
        return bins;
    }

    /** Mean distance of prediction and share, weighted by rows: the expected calibration error. */
    static double error(List<CalibrationBin> bins) {
        double distances = 0;
        long rows = 0;
        for (CalibrationBin bin : bins) {
            distances += bin.rows() * Math.abs(bin.meanPrediction() - bin.share());
            rows += bin.rows();
        }
        return distances / rows;
    }
}
