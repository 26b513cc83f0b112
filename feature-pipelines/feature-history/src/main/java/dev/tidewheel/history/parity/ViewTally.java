package dev.tidewheel.history.parity;

import java.util.Arrays;

/** Counts the verdicts on one view. Not thread-safe. */
final class ViewTally {
    private final String view;
    private final long boundMillis;
    private long matched;
    private long unexplained;
    private long pending;
    private long unserved;
    private long absent;
    private long freed;
    private long erased;
    private long values;
    private long unexplainedValues;
    private long untimely;
    private long[] lags = new long[1024];
    private int lagCount;

    ViewTally(String view, long boundMillis) {
        this.view = view;
        this.boundMillis = boundMillis;
    }

    void pending() {
        pending++;
    }

    void unserved() {
        unserved++;
    }

    /** What there is nothing to compare with, because the log itself is wrong: an unknown flush, another service. */
    void incomparable() {
        unexplained++;
    }

    /** A read that differs and may contain what was erased since, or that was logged of an erased entity. */
    void erased() {
        erased++;
    }

    /** A read that was compared. */
    void compared(int columns, int different, boolean ofAbsentKey, boolean withoutFreed) {
        values += columns;
        unexplainedValues += different;
        if (different > 0) {
            unexplained++;
        } else {
            matched++;
            absent += ofAbsentKey ? 1 : 0;
            freed += withoutFreed ? 1 : 0;
        }
    }

    /** How long a read's oldest missed change had been known; negative if it missed none. */
    void lag(long millis) {
        if (lagCount == lags.length) {
            lags = Arrays.copyOf(lags, lagCount * 2);
        }
        lags[lagCount++] = Math.max(0, millis);
        if (millis >= boundMillis && millis >= 0) {
            untimely++;
        }
    }

    ViewParity result() {
        return new ViewParity(
                view,
                matched + unexplained + pending + unserved + erased,
                matched,
                unexplained,
                pending,
                unserved,
                absent,
                freed,
                erased,
                values,
                unexplainedValues,
                untimely,
                LagQuantiles.of(Arrays.copyOf(lags, lagCount)));
    }
}
