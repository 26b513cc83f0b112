package dev.tidewheel.benchmarks;

import java.util.Objects;

/**
 * A stream of events that is a function of its number alone: whoever needs an event computes it, so that the producer, the
 * oracle and a measurement of latency agree without sharing memory. Events are in the order of time; event i lies in
 * partition {@code i % PARTITIONS} at offset {@code i / PARTITIONS}. Immutable and thread-safe.
 */
final class Workload {
    static final int PARTITIONS = 4;
    /** 2026-01-05, a Monday, 00:00 UTC. */
    static final long START = 1_767_571_200_000L;

    private static final long MAX_AMOUNT = 100_000;

    /** How events are spread over keys. */
    sealed interface Skew {
        /** Every key as often as every other. */
        record Uniform() implements Skew {}

        /** One key has a share of all events, the others share the rest evenly. */
        record OneHot(double share) implements Skew {}

        /** Key k is as frequent as {@code k^-exponent}. */
        record Zipf(double exponent) implements Skew {}
    }

    private final int keys;
    private final long events;
    private final long spanMillis;
    private final Skew skew;
    private final long seed;
    private final double[] cumulative;

    /**
     * @param keys how many there are
     * @param events how many there are
     * @param spanMillis from the first event's time to about the last's
     * @param skew which key an event has
     * @param seed of all choices
     */
    Workload(int keys, long events, long spanMillis, Skew skew, long seed) {
        this.keys = keys;
        this.events = events;
        this.spanMillis = spanMillis;
        this.skew = Objects.requireNonNull(skew, "skew");
        this.seed = seed;
        this.cumulative = skew instanceof Skew.Zipf zipf ? cumulative(keys, zipf.exponent()) : new double[0];
    }

    private static double[] cumulative(int keys, double exponent) {
        double[] sums = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += Math.pow(i + 1, -exponent);
            sums[i] = sum;
        }
        for (int i = 0; i < keys; i++) {
            sums[i] /= sum;
        }
        return sums;
    }

    int keys() {
        return keys;
    }

    long events() {
        return events;
    }

    long spanMillis() {
        return spanMillis;
    }

    Skew skew() {
        return skew;
    }

    /** So many of the first events, at the same times. */
    Workload first(long count) {
        return new Workload(keys, count, Math.round((double) spanMillis * count / events), skew, seed);
    }

    /** Which key an event has, from 0. */
    int keyIndex(long event) {
        long random = mix(seed + 2 * event);
        if (skew instanceof Skew.Zipf) {
            int at = java.util.Arrays.binarySearch(cumulative, unit(random));
            return Math.min(at < 0 ? ~at : at, keys - 1);
        }
        if (skew instanceof Skew.OneHot hot && unit(mix(random)) < hot.share()) {
            return 0;
        }
        return (int) Math.floorMod(random, (long) keys);
    }

    String key(long event) {
        return name(keyIndex(event));
    }

    static String name(int key) {
        return "user-" + (10_000_000 + key);
    }

    long eventTime(long event) {
        return START + Math.floorDiv(Math.multiplyExact(event, spanMillis), events);
    }

    /** From 1 to 100,000: integers, so that every system's sum is exact. */
    long amount(long event) {
        return 1 + Math.floorMod(mix(seed + 2 * event + 1), MAX_AMOUNT);
    }

    static int partition(long event) {
        return (int) (event % PARTITIONS);
    }

    static long offset(long event) {
        return event / PARTITIONS;
    }

    /** How many events a partition holds: its next offset. */
    long eventsOf(int partition) {
        return (events - partition + PARTITIONS - 1) / PARTITIONS;
    }

    /** The smallest of the partitions' last event times: as far as a watermark can come. */
    long completeTime() {
        long complete = Long.MAX_VALUE;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            complete = Math.min(complete, eventTime((eventsOf(partition) - 1) * PARTITIONS + partition));
        }
        return complete;
    }

    /** How many events happened at or before a time. */
    long eventsThrough(long time) {
        long from = 0;
        long to = events;
        while (from < to) {
            long middle = (from + to) >>> 1;
            if (eventTime(middle) <= time) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static double unit(long random) {
        return (random >>> 11) * 0x1.0p-53;
    }

    /** Steele, Lea and Flood's SplitMix64. */
    private static long mix(long value) {
        long z = (value + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
