package dev.tidewheel.drift.distance;

import dev.tidewheel.drift.histogram.Counts;

/** Counts as shares of what could be read: below, the bins, above, and what is missing as a cell of its own. */
final class Shares {
    private Shares() {}

    /** Empty if nothing could be read. */
    static double[] withMissing(Counts counts) {
        long observed = counts.observed();
        if (observed == 0) {
            return new double[0];
        }
        double[] shares = new double[counts.valueCells() + 1];
        for (int cell = 0; cell < counts.valueCells(); cell++) {
            shares[cell] = (double) counts.valueCell(cell) / observed;
        }
        shares[counts.valueCells()] = (double) counts.missing() / observed;
        return shares;
    }

    static void requireSameEdges(Counts reference, Counts window) {
        if (!reference.edges().equals(window.edges())) {
            throw new IllegalArgumentException(
                    "counts on different edges: " + reference.edges() + " and " + window.edges());
        }
    }
}
