package dev.tidewheel.drift.distance;

import dev.tidewheel.drift.histogram.Counts;

/**
 * Jensen–Shannon <em>distance</em> with logarithms to base 2: the square root of the divergence, from 0 to 1. Cells and
 * shares as for {@link Psi}, but without a floor: an empty cell adds nothing by itself.
 */
public final class JensenShannon implements Distance {
    private static final double LN_2 = StrictMath.log(2);

    @Override
    public double between(Counts reference, Counts window) {
        Shares.requireSameEdges(reference, window);
        double[] p = Shares.withMissing(reference);
        double[] q = Shares.withMissing(window);
        if (p.length == 0 || q.length == 0) {
            return Double.NaN;
        }
        double divergence = 0;
        for (int cell = 0; cell < p.length; cell++) {
            double middle = (p[cell] + q[cell]) / 2;
            divergence += (term(p[cell], middle) + term(q[cell], middle)) / 2;
        }
        // Rounding may leave it a little outside.
        return Math.sqrt(Math.min(1, Math.max(0, divergence / LN_2)));
    }

    private static double term(double share, double middle) {
        return share == 0 ? 0 : share * StrictMath.log(share / middle);
    }
}
