package dev.tidewheel.drift.distance;

import dev.tidewheel.drift.histogram.Counts;

/**
 * Kolmogorov–Smirnov statistic on the edges: the greatest gap between the two cumulative distributions of the finite
 * values, looked at where a cell ends. Between edges the gap may be greater, so this never exceeds the statistic of the
 * raw values; missing values take no part.
 */
public final class KolmogorovSmirnov implements Distance {
    @Override
    public double between(Counts reference, Counts window) {
        Shares.requireSameEdges(reference, window);
        long expected = reference.values();
        long actual = window.values();
        if (expected == 0 || actual == 0) {
            return Double.NaN;
        }
        double greatest = 0;
        long expectedSoFar = 0;
        long actualSoFar = 0;
        for (int cell = 0; cell < reference.valueCells(); cell++) {
            expectedSoFar += reference.valueCell(cell);
            actualSoFar += window.valueCell(cell);
            double gap = (double) expectedSoFar / expected - (double) actualSoFar / actual;
            greatest = Math.max(greatest, Math.abs(gap));
        }
        return greatest;
    }
}
