package dev.tidewheel.drift.performance;

import dev.tidewheel.drift.sum.FixedPointSum;
import java.util.Arrays;

/**
 * How well probabilities met the truth, as a state that can be merged and taken back: equal bits in any order. Accuracy
 * counts exactly; log loss and Brier score are exact to 5e-13 ({@link FixedPointSum}). AUC and calibration error come from
 * 1,000 equal bins of probability: two rows in the same bin count as tied, so the AUC is off by at most half the share of
 * pairs of a positive and a negative that share a bin. Not thread-safe.
 */
public final class Performance {
    private static final int BINS = 1_000;
    private static final int GROUPS = 10;
    private static final double SMALLEST = 1e-15;

    private static final int CORRECT = 0;
    private static final int LOG_LOSS = 1;
    private static final int BRIER = 3;
    private static final int PROBABILITY = 5;
    private static final int NEGATIVES = PROBABILITY + 2 * GROUPS;
    private static final int POSITIVES = NEGATIVES + BINS;
    private static final int CELLS = POSITIVES + BINS;

    private final long[] cells;

    /** No rows yet. */
    public Performance() {
        this(new long[CELLS]);
    }

    private Performance(long[] cells) {
        this.cells = cells;
    }

    /**
     * From what {@link #cells} gave.
     *
     * @throws IllegalArgumentException if the number of cells is another
     */
    public static Performance of(long... cells) {
        if (cells.length != CELLS) {
            throw new IllegalArgumentException("a performance has " + CELLS + " cells, not " + cells.length);
        }
        return new Performance(cells.clone());
    }

    /** The state as numbers, always as many; a copy. */
    public long[] cells() {
        return cells.clone();
    }

    /**
     * Adds a row whose label is known.
     *
     * @param probability of class 1
     * @param label 0 or 1
     * @throws IllegalArgumentException if either is something else
     */
    public void add(double probability, double label) {
        count(probability, label, 1);
    }

    /** Takes back a row that was added. */
    public void remove(double probability, double label) {
        count(probability, label, -1);
    }

    /** Adds all that another holds. */
    public void merge(Performance other) {
        for (int sum = LOG_LOSS; sum < NEGATIVES; sum += 2) {
            FixedPointSum both = sum(sum);
            both.merge(other.sum(sum));
            set(sum, both);
        }
        cells[CORRECT] += other.cells[CORRECT];
        for (int cell = NEGATIVES; cell < CELLS; cell++) {
            cells[cell] += other.cells[cell];
        }
    }

    public long rows() {
        return total(NEGATIVES) + total(POSITIVES);
    }

    /** Rows with label 1. */
    public long positives() {
        return total(POSITIVES);
    }

    /** All measures of what was added so far. */
    public PerformanceValues values() {
        long rows = rows();
        return new PerformanceValues(
                rows, accuracy(), logLoss(), auc(), brier(), calibrationError(), (double) positives() / rows);
    }

    /** The share of rows on whose label the probability was right, 1 being predicted from 0.5 on; NaN without rows. */
    public double accuracy() {
        return (double) cells[CORRECT] / rows();
    }

    /** The mean of −ln of the probability given to the truth, clipped to [1e-15, 1 − 1e-15]; NaN without rows. */
    public double logLoss() {
        return sum(LOG_LOSS).value() / rows();
    }

    /** The mean squared difference of probability and label; NaN without rows. */
    public double brier() {
        return sum(BRIER).value() / rows();
    }

    /** The share of pairs of a positive and a negative that are in order, ties half; NaN unless both labels occur. */
    public double auc() {
        double ordered = 0;
        long negativesBelow = 0;
        for (int bin = 0; bin < BINS; bin++) {
            long negatives = cells[NEGATIVES + bin];
            ordered += cells[POSITIVES + bin] * (negativesBelow + negatives / 2.0);
            negativesBelow += negatives;
        }
        return ordered / ((double) positives() * negativesBelow);
    }

    /**
     * Expected calibration error: over ten equal bins of probability, the mean of |mean probability − share of positives|,
     * weighted by rows; NaN without rows.
     */
    public double calibrationError() {
        double error = 0;
        for (int group = 0; group < GROUPS; group++) {
            long positives = 0;
            for (int bin = group * BINS / GROUPS; bin < (group + 1) * BINS / GROUPS; bin++) {
                positives += cells[POSITIVES + bin];
            }
            error += Math.abs(sum(PROBABILITY + 2 * group).value() - positives);
        }
        return error / rows();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Performance that && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return values().toString();
    }

    private void count(double probability, double label, int times) {
        if (!(probability >= 0 && probability <= 1) || label != 0 && label != 1) {
            throw new IllegalArgumentException(
                    "a probability and a label of 0 or 1 are needed, got " + probability + " and " + label);
        }
        double given = Math.min(1 - SMALLEST, Math.max(SMALLEST, probability));
        int bin = (int) Math.min(BINS - 1, probability * BINS);
        double miss = probability - label;
        cells[CORRECT] += (probability >= 0.5) == (label == 1) ? times : 0;
        cells[(label == 1 ? POSITIVES : NEGATIVES) + bin] += times;
        count(LOG_LOSS, -StrictMath.log(label == 1 ? given : 1 - given), times);
        count(BRIER, miss * miss, times);
        count(PROBABILITY + 2 * (bin * GROUPS / BINS), probability, times);
    }

    private void count(int cell, double value, int times) {
        FixedPointSum sum = sum(cell);
        if (times > 0) {
            sum.add(value);
        } else {
            sum.subtract(value);
        }
        set(cell, sum);
    }

    private FixedPointSum sum(int cell) {
        return new FixedPointSum(cells[cell], cells[cell + 1]);
    }

    private void set(int cell, FixedPointSum sum) {
        cells[cell] = sum.high();
        cells[cell + 1] = sum.low();
    }

    private long total(int histogram) {
        long total = 0;
        for (int cell = histogram; cell < histogram + BINS; cell++) {
            total += cells[cell];
        }
        return total;
    }
}
