package dev.tidewheel.benchmarks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the sinks of a peer's job have written. Found by name, because sinks travel serialised. Thread-safe. */
final class Arrived {
    private static final Map<String, Arrived> BY_RUN = new ConcurrentHashMap<>();

    private final Map<String, Long> watermarks = new ConcurrentHashMap<>();
    private final LongAdder rows = new LongAdder();

    /** That of a run, made when it is first asked for. */
    static Arrived of(String run) {
        return BY_RUN.computeIfAbsent(run, name -> new Arrived());
    }

    void wrote(int count) {
        rows.add(count);
    }

    /** A sink has written everything up to a watermark. */
    void complete(String sink, long watermark) {
        watermarks.merge(sink, watermark, Math::max);
    }

    long rows() {
        return rows.sum();
    }

    /** Up to which watermark so many sinks have written everything. */
    long through(int sinks) {
        return watermarks.size() < sinks
                ? Long.MIN_VALUE
                : watermarks.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    /** Whether so many sinks have written everything up to a watermark. */
    boolean reached(int sinks, long watermark) {
        return through(sinks) >= watermark;
    }

    @Override
    public String toString() {
        return rows + " rows, watermarks " + watermarks;
    }
}
