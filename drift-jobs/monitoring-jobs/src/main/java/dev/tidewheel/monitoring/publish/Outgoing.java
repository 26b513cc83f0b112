package dev.tidewheel.monitoring.publish;

import java.util.Comparator;

/**
 * Something to be published, encoded. Flat, for Flink's serialisers.
 *
 * @param kind decides the topic
 * @param windowEnd of the window that it is about; orders
 * @param key Kafka's key
 * @param revision of the row
 * @param value the record in Avro's single-object encoding; empty for a FRONTIER
 * @param offsets of a FRONTIER, see {@link dev.tidewheel.monitoring.log.Offsets}
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
public record Outgoing(Kind kind, long windowEnd, String key, int revision, byte[] value, long[] offsets) {
    /** The order in which a watermark's results are published: the same in every run, rows before what is said of them. */
    public static final Comparator<Outgoing> ORDER = Comparator.comparing(Outgoing::kind)
            .thenComparingLong(Outgoing::windowEnd)
            .thenComparing(Outgoing::key)
            .thenComparingInt(Outgoing::revision);

    private static final byte[] NO_VALUE = {};
    private static final long[] NO_OFFSETS = {};

    /** What it is. */
    public enum Kind {
        /** A {@code MetricRow}. */
        METRIC,
        /** An {@code Alert}. */
        ALERT,
        /** How far inferences, labels, definitions and clock are contained in what was published. */
        FRONTIER
    }

    /** A row or an alert. */
    public static Outgoing record(Kind kind, long windowEnd, String key, int revision, byte[] value) {
        return new Outgoing(kind, windowEnd, key, revision, value, NO_OFFSETS);
    }

    /** All that was read by a moment. */
    public static Outgoing frontier(long moment, long[] offsets) {
        return new Outgoing(Kind.FRONTIER, moment, "", 0, NO_VALUE, offsets);
    }
}
