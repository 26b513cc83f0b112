package dev.tidewheel.drift.blocks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well one column alone orders a label of yes and no: the exact AUC, the share of pairs of a positive and a negative that
 * are in order. Ties count half, and a missing value says nothing: it ties with every other.
 *
 * <p>Kept by pairs of blocks, so that the AUC of any draw of blocks needs no row again: Σ wᵢ·wⱼ·ordered(i, j) over
 * Σ wᵢ·positives(i) × Σ wⱼ·negatives(j), where w says how often a block was drawn. Immutable.
 */
public final class BlockedAuc {
    private static final int FEWEST_OF_A_LABEL = 5;

    private final double[][] ordered;
    private final long[] positives;
    private final long[] negatives;
    private final double whole;

    private BlockedAuc(double[][] ordered, long[] positives, long[] negatives) {
        this.ordered = ordered;
        this.positives = positives;
        this.negatives = negatives;
        int[] once = new int[positives.length];
        Arrays.fill(once, 1);
        this.whole = auc(once);
    }

    /**
     * @param values NaN where there is none
     * @param labels 0 or 1
     * @throws IllegalArgumentException if there is not one of each per row, or a label is something else
     */
    public static BlockedAuc of(double[] values, double[] labels, Blocks blocks) {
        if (values.length != blocks.rows() || labels.length != blocks.rows()) {
            throw new IllegalArgumentException(values.length + " values and " + labels.length
                    + " labels are not one for" + " each of " + blocks.rows() + " rows");
        }
        Builder builder = new Builder(values, labels, blocks);
        builder.missing();
        builder.present();
        return new BlockedAuc(builder.ordered, builder.positives, builder.negatives);
    }

    /** The AUC of all rows; NaN unless both labels occur. */
    public double auc() {
        return whole;
    }

    /** The AUC of the column or of its opposite, whichever is better: what it tells alone. */
    public double alone() {
        return Math.max(whole, 1 - whole);
    }

    /**
     * Whether both labels occur often enough for an AUC near 1 to be no chance: in {@value #FEWEST_OF_A_LABEL} rows and in as
     * many blocks, or in all blocks of fewer. Any column orders a single positive nearly perfectly once in a while.
     */
    public boolean isOfManyPairs() {
        return areMany(positives) && areMany(negatives);
    }

    private static boolean areMany(long[] rows) {
        long blocks = Arrays.stream(rows).filter(count -> count > 0).count();
        return Arrays.stream(rows).sum() >= FEWEST_OF_A_LABEL && blocks >= Math.min(FEWEST_OF_A_LABEL, rows.length);
    }

    /** The same of a draw, by what is better in the whole. */
    double alone(int[] drawn) {
        double auc = auc(drawn);
        return whole >= 0.5 ? auc : 1 - auc;
    }

    private double auc(int[] drawn) {
        double pairs = 0;
        double yes = 0;
        double no = 0;
        for (int i = 0; i < drawn.length; i++) {
            if (drawn[i] > 0) {
                double inOrder = 0;
                for (int j = 0; j < drawn.length; j++) {
                    inOrder += drawn[j] * ordered[i][j];
                }
                pairs += drawn[i] * inOrder;
                yes += (double) drawn[i] * positives[i];
                no += (double) drawn[i] * negatives[i];
            }
        }
        return pairs / (yes * no);
    }

    /** Goes through the values in their order once. */
    private static final class Builder {
        private final double[] values;
        private final double[] labels;
        private final Blocks blocks;
        private final double[][] ordered;
        private final long[] positives;
        private final long[] negatives;

        Builder(double[] values, double[] labels, Blocks blocks) {
            this.values = values;
            this.labels = labels;
            this.blocks = blocks;
            this.ordered = new double[blocks.count()][blocks.count()];
            this.positives = new long[blocks.count()];
            this.negatives = new long[blocks.count()];
            for (int row = 0; row < labels.length; row++) {
                if (labels[row] != 0 && labels[row] != 1) {
                    throw new IllegalArgumentException("a label of 0 or 1 is needed, got " + labels[row]);
                }
                (labels[row] == 1 ? positives : negatives)[blocks.of(row)]++;
            }
        }

        /** Half of every pair with a missing value. */
        void missing() {
            long[] missing = new long[negatives.length];
            for (int row = 0; row < values.length; row++) {
                if (Double.isNaN(values[row]) && labels[row] == 0) {
                    missing[blocks.of(row)]++;
                }
            }
            for (int row = 0; row < values.length; row++) {
                if (labels[row] == 1) {
                    add(blocks.of(row), Double.isNaN(values[row]) ? negatives : missing, 0.5);
                }
            }
        }

        /** Every pair of values that are there. */
        void present() {
            List<Integer> rows = IntStream.range(0, values.length)
                    .filter(row -> !Double.isNaN(values[row]))
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> values[row] + 0.0))
                    .toList();
            long[] below = new long[negatives.length];
            for (int from = 0; from < rows.size(); ) {
                int to = from + 1;
                while (to < rows.size() && values[rows.get(to)] == values[rows.get(from)]) {
                    to++;
                }
                tied(rows.subList(from, to), below);
                from = to;
            }
        }

        private void tied(List<Integer> rows, long[] below) {
            long[] beside = new long[below.length];
            rows.stream().filter(row -> labels[row] == 0).forEach(row -> beside[blocks.of(row)]++);
            for (int row : rows) {
                if (labels[row] == 1) {
                    add(blocks.of(row), below, 1);
                    add(blocks.of(row), beside, 0.5);
                }
            }
            for (int block = 0; block < below.length; block++) {
                below[block] += beside[block];
            }
        }

        private void add(int block, long[] counts, double each) {
            for (int other = 0; other < counts.length; other++) {
                ordered[block][other] += each * counts[other];
            }
        }
    }
}
