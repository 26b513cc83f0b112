package dev.tidewheel.drift.latency;

import java.util.Arrays;

/**
 * Latencies in microseconds, counted in buckets whose width is at most 2 % of their least value, so a quantile is within
 * 1 % of a value that was added; below 50 µs it is exact. What took an hour or longer counts as an hour. Deterministic and
 * mergeable: equal in any order. Not thread-safe.
 */
public final class LatencyHistogram {
    private static final long LONGEST = 3_600_000_000L;
    private static final long[] STARTS = starts();

    /** By bucket, as far as any is used. */
    private long[] counts;

    public LatencyHistogram() {
        this.counts = new long[0];
    }

    /**
     * From what {@link #cells} gave.
     *
     * @throws IllegalArgumentException if these cannot be cells
     */
    public static LatencyHistogram of(long... cells) {
        if (cells.length > STARTS.length || Arrays.stream(cells).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("no counts of latencies: " + Arrays.toString(cells));
        }
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.counts = cells.clone();
        return histogram;
    }

    /** Counts by bucket, without trailing zeros; a copy. */
    public long[] cells() {
        int used = counts.length;
        while (used > 0 && counts[used - 1] == 0) {
            used--;
        }
        return Arrays.copyOf(counts, used);
    }

    /** Adds a latency; a negative one counts as 0. */
    public void add(long micros) {
        int bucket = bucket(micros);
        reach(bucket + 1);
        counts[bucket]++;
    }

    /** Adds all that another counted. */
    public void merge(LatencyHistogram other) {
        reach(other.counts.length);
        for (int bucket = 0; bucket < other.counts.length; bucket++) {
            counts[bucket] += other.counts[bucket];
        }
    }

    public long count() {
        return Arrays.stream(counts).sum();
    }

    /**
     * The latency in microseconds that a share q of all do not exceed: the value of rank ⌈q · n⌉, at least the first.
     *
     * @return NaN if nothing was added
     */
    public double quantile(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("a quantile lies between 0 and 1, got " + q);
        }
        // 0.07 · 100 is a little more than 7, but means the 7th.
        long rank = Math.max(1, (long) Math.ceil(q * count() - 1e-9));
        long soFar = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            soFar += counts[bucket];
            if (soFar >= rank) {
                return middle(bucket);
            }
        }
        return Double.NaN;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatencyHistogram that && Arrays.equals(cells(), that.cells());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells());
    }

    @Override
    public String toString() {
        return count() + " latencies";
    }

    private void reach(int buckets) {
        if (buckets > counts.length) {
            counts = Arrays.copyOf(counts, buckets);
        }
    }

    private static int bucket(long micros) {
        int found = Arrays.binarySearch(STARTS, Math.max(0, Math.min(LONGEST, micros)));
        return found >= 0 ? found : -found - 2;
    }

    private static double middle(int bucket) {
        if (bucket == STARTS.length - 1) {
            return LONGEST;
        }
        return (STARTS[bucket] + STARTS[bucket + 1] - 1) / 2.0;
    }

    /** The least value of each bucket, in whole microseconds: integers, so no platform rounds them differently. */
    private static long[] starts() {
        long[] starts = new long[2_000];
        int buckets = 0;
        for (long start = 0; start < LONGEST; start += 1 + start / 50) {
            starts[buckets++] = start;
        }
        starts[buckets++] = LONGEST;
        return Arrays.copyOf(starts, buckets);
    }
}
