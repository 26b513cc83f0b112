package dev.tidewheel.drift.distance;

import dev.tidewheel.drift.histogram.Counts;

/**
 * Population stability index: the sum over all cells of (p − q) · ln(p / q), with p the reference's share and q the
 * window's. Cells are below, each bin, above, and missing (nulls, NaNs and infinities); shares are of the rows that could
 * be read. A share under 1e-4 counts as 1e-4, without normalising again, so that an empty cell gives a number.
 */
public final class Psi implements Distance {
    /** The smallest share that is told from nothing. */
    public static final double FLOOR = 1e-4;

    @Override
    public double between(Counts reference, Counts window) {
        Shares.requireSameEdges(reference, window);
        double[] p = Shares.withMissing(reference);
        double[] q = Shares.withMissing(window);
        if (p.length == 0 || q.length == 0) {
            return Double.NaN;
        }
        double psi = 0;
        for (int cell = 0; cell < p.length; cell++) {
            double expected = Math.max(FLOOR, p[cell]);
            double actual = Math.max(FLOOR, q[cell]);
            psi += (expected - actual) * StrictMath.log(expected / actual);
        }
        return psi;
    }
}
