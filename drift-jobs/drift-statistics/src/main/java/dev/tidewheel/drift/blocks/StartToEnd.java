package dev.tidewheel.drift.blocks;

import dev.tidewheel.drift.distance.Distance;
import dev.tidewheel.drift.distance.KolmogorovSmirnov;
import dev.tidewheel.drift.distance.Psi;
import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How far the last fifth of a column's blocks is from the first, beside what fifths of the same blocks in any order are
 * from each other.
 *
 * @param psi {@link Psi} of the last fifth against the first
 * @param psiThreshold the quantile of the same over shuffled blocks; NaN where there are too few
 * @param ks {@link KolmogorovSmirnov} likewise
 * @param ksThreshold its quantile
 */
public record StartToEnd(double psi, double psiThreshold, double ks, double ksThreshold) {
    private static final int FIFTHS = 5;
    private static final int BINS = 10;
    private static final int ROUNDS = 1_000;

    /**
     * @param values NaN where there is none
     * @param quantile such as 0.99
     * @throws IllegalArgumentException if there is not one value per row
     */
    public static StartToEnd of(double[] values, Blocks blocks, double quantile, long seed) {
        if (values.length != blocks.rows()) {
            throw new IllegalArgumentException(values.length + " values are not one for each of " + blocks.rows());
        }
        List<Counts> counts = counts(values, blocks);
        int fifth = Math.max(1, blocks.count() / FIFTHS);
        double psi = between(new Psi(), counts, fifth);
        double ks = between(new KolmogorovSmirnov(), counts, fifth);
        double[] psis = new double[ROUNDS];
        double[] kss = new double[ROUNDS];
        if (!blocks.areEnough()) {
            return new StartToEnd(psi, Double.NaN, ks, Double.NaN);
        }
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Collections.shuffle(counts, random);
            psis[round] = between(new Psi(), counts, fifth);
            kss[round] = between(new KolmogorovSmirnov(), counts, fifth);
        }
        return new StartToEnd(psi, quantile(psis, quantile), ks, quantile(kss, quantile));
    }

    private static List<Counts> counts(double[] values, Blocks blocks) {
        Edges edges = Edges.quantiles(values, BINS);
        List<Counts> counts = new ArrayList<>();
        for (int block = 0; block < blocks.count(); block++) {
            counts.add(new Counts(edges));
        }
        for (int row = 0; row < values.length; row++) {
            if (Double.isNaN(values[row])) {
                counts.get(blocks.of(row)).addNull();
            } else {
                counts.get(blocks.of(row)).add(values[row]);
            }
        }
        return counts;
    }

    private static double between(Distance distance, List<Counts> blocks, int fifth) {
        return blocks.isEmpty()
                ? Double.NaN
                : distance.between(
                        sum(blocks.subList(0, fifth)), sum(blocks.subList(blocks.size() - fifth, blocks.size())));
    }

    private static Counts sum(List<Counts> blocks) {
        Counts sum = blocks.get(0).copy();
        blocks.subList(1, blocks.size()).forEach(sum::merge);
        return sum;
    }

    /** Of those that are defined. */
    private static double quantile(double[] values, double quantile) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(quantile * (sorted.length - 1) - 1e-9)];
    }

    /** Whether the two are further apart than shuffled ones, by either measure. */
    public boolean isBeyondChance() {
        return psi > psiThreshold || ks > ksThreshold;
    }
}
