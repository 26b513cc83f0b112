package dev.tidewheel.drift.histogram;

import java.util.Arrays;
import java.util.TreeSet;

/** Where {@link Edges#quantiles} cuts: before some of the distinct values of a sorted reference. */
final class QuantileCuts {
    private QuantileCuts() {}

    /** @param sorted at least one finite value */
    static double[] edges(double[] sorted, int bins) {
        double[] distinct = Arrays.stream(sorted).distinct().toArray();
        TreeSet<Integer> cuts = new TreeSet<>();
        if (distinct.length <= bins) {
            for (int value = 1; value < distinct.length; value++) {
                cuts.add(value);
            }
        } else {
            cutAtQuantiles(sorted, distinct, bins, cuts);
        }
        return edges(distinct, cuts);
    }

    private static void cutAtQuantiles(double[] sorted, double[] distinct, int bins, TreeSet<Integer> cuts) {
        int before = -1;
        for (int k = 0; k <= bins; k++) {
            int rank = (int) Math.min(sorted.length - 1L, (long) sorted.length * k / bins);
            int quantile = Arrays.binarySearch(distinct, sorted[rank]);
            if (k < bins) {
                cuts.add(quantile);
            }
            if (quantile == before) {
                cuts.add(quantile + 1);
            }
            before = quantile;
        }
        // Before the least and after the greatest there is nothing to cut off.
        cuts.remove(0);
        cuts.remove(distinct.length);
    }

    private static double[] edges(double[] distinct, TreeSet<Integer> cuts) {
        int greatest = distinct.length - 1;
        TreeSet<Double> edges = new TreeSet<>();
        edges.add(distinct[0]);
        edges.add(distinct[greatest]);
        for (int cut : cuts) {
            edges.add(cut == greatest ? between(distinct[greatest - 1], distinct[greatest]) : distinct[cut]);
        }
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Halfway; of two neighbours among the doubles the greater, and with it no edge of its own. */
    private static double between(double less, double greater) {
        double middle = less / 2 + greater / 2;
        return middle > less ? middle : greater;
    }
}
