package dev.tidewheel.jobs.source;

import dev.tidewheel.records.DeadLetterReason;
import java.util.Arrays;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * What a source's reader sees, under {@code tidewheel.source.<source>}: how its clocks stand to Kafka's, and what it
 * refused, by reason. Books are balanced from durable output, not from these. Belongs to the subtask's thread.
 */
final class SourceMetrics {
    private final Counter[] refused;
    private long knownBehindMillis;
    private long eventBehindMillis;

    SourceMetrics(MetricGroup reader, String source) {
        MetricGroup group = reader.addGroup("tidewheel").addGroup("source", source);
        refused = Arrays.stream(DeadLetterReason.values())
                .map(reason -> group.addGroup("refused").counter(reason.name()))
                .toArray(Counter[]::new);
        group.gauge("timestampMinusKnownTimeMillis", () -> knownBehindMillis);
        group.gauge("timestampMinusEventTimeMillis", () -> eventBehindMillis);
    }

    void read(SourceRecord record) {
        if (record.reason() != null) {
            refused[record.reason().ordinal()].inc();
        } else if (record.adds() && record.timestamp() >= 0) {
            knownBehindMillis = record.timestamp() - record.knownTime();
            eventBehindMillis = record.timestamp() - record.eventTime();
        }
    }
}
