package dev.tidewheel.history.parity;

import java.util.Arrays;

/**
 * How far behind served values were, in milliseconds: for each vector how long before t the oldest change became known
 * that it should have contained and did not; 0 if it missed none.
 */
public record LagQuantiles(long p50, long p99, long p999, long max) {

    /** The nearest-rank quantiles of some lags; all 0 if there are none. */
    static LagQuantiles of(long[] lags) {
        if (lags.length == 0) {
            return new LagQuantiles(0, 0, 0, 0);
        }
        long[] sorted = lags.clone();
        Arrays.sort(sorted);
        return new LagQuantiles(rank(sorted, 0.5), rank(sorted, 0.99), rank(sorted, 0.999), sorted[sorted.length - 1]);
    }

    private static long rank(long[] sorted, double q) {
        return sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
    }
}
