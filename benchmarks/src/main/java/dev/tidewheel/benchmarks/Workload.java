package dev.tidewheel.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A stream of events that is a function of its number alone: whoever needs an event computes it, so that the producer, the
 * oracle and a measurement of latency agree without sharing memory. Events are in the order of time; event i lies in
 * partition {@code i % PARTITIONS} at offset {@code i / PARTITIONS}. It begins with a history, which fills every job's
 * state before anything is measured. Immutable and thread-safe.
 */
final class Workload {
    static final int PARTITIONS = 4;
    /**
     * 2020-01-06, a Monday, 00:01 UTC: a minute past, so that two minutes after whole days hold no end of a peer's window,
     * with the values of all keys at once; long ago, since what is dated in the future is refused.
     */
    static final long START = 1_578_268_860_000L;

    /** A prime: in its steps, one comes by every key. */
    private static final long LEAP = 2_147_483_647;

    private static final Duration LONGEST = Duration.ofDays(6 * 365);
    private static final long MAX_AMOUNT = 100_000;

    /** How events are spread over keys. */
    sealed interface Skew {
        /** Every key as often as every other. */
        record Uniform() implements Skew {}

        /** Every key once before any comes again, in leaps. */
        record InTurn() implements Skew {}

        /** One key has a share of all events, the others share the rest evenly. */
        record OneHot(double share) implements Skew {}

        /** Key k is as frequent as {@code k^-exponent}. */
        record Zipf(double exponent) implements Skew {}
    }

    /**
     * A part of the stream, its events evenly over its time.
     *
     * @param name of the part, in reports
     * @param events how many
     * @param spanMillis from its first event to the first of what follows
     */
    record Stretch(String name, long events, long spanMillis) {
        Stretch {
            if (events < 1 || spanMillis < 1) {
                throw new IllegalArgumentException(name + " needs events and a span: " + events + ", " + spanMillis);
            }
        }

        /** The week before what is measured: as long as the longest window, so that all of them are full. */
        static Stretch week(long events) {
            return new Stretch("history", events, Duration.ofDays(7).toMillis());
        }

        /** History goes on as it was: so many events of the same density. */
        static Stretch replay(Stretch history, long events) {
            return new Stretch("replay", events, Math.max(1, history.spanMillis * events / history.events));
        }

        /** A stream of thousands of events per second. */
        static Stretch live(long events) {
            return new Stretch("live", events, Duration.ofMinutes(2).toMillis());
        }
    }

    private final int keys;
    private final List<Stretch> stretches;
    private final long events;
    private final Skew skew;
    private final long seed;
    private final double[] cumulative;

    /**
     * @param keys how many there are
     * @param stretches one after the other; the first is the history
     * @param skew which key an event has
     * @param seed of all choices
     */
    Workload(int keys, List<Stretch> stretches, Skew skew, long seed) {
        this.keys = keys;
        this.stretches = List.copyOf(stretches);
        this.events = stretches.stream().mapToLong(Stretch::events).sum();
        if (stretches.stream().mapToLong(Stretch::spanMillis).sum() > LONGEST.toMillis()) {
            throw new IllegalArgumentException("at most " + LONGEST + ", or it ends in the future: " + stretches);
        }
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

    /** One after the other; the first is the history. */
    List<Stretch> stretches() {
        return stretches;
    }

    /** How many events the history has: the number of the first event that is measured. */
    long history() {
        return stretches.get(0).events();
    }

    /** Which key an event has, from 0. */
    int keyIndex(long event) {
        if (skew instanceof Skew.InTurn) {
            return (int) (event % keys * LEAP % keys);
        }
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
        long before = event;
        long start = START;
        for (Stretch stretch : stretches) {
            if (before < stretch.events()) {
                return start + Math.multiplyExact(before, stretch.spanMillis()) / stretch.events();
            }
            before -= stretch.events();
            start += stretch.spanMillis();
        }
        throw new IllegalArgumentException("there are " + events + " events, none is " + event);
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
    private long eventsOf(int partition) {
        return nextOffset(events, partition);
    }

    /** The next offset of a partition, after so many events of all of them. */
    static long nextOffset(long events, int partition) {
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
