package dev.tidewheel.jobs.source;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the job must know to read a source's topic. Travels in the job graph, hence only strings.
 *
 * @param source the source's name
 * @param topic the Kafka topic
 * @param schema the Avro schema of the values, as JSON
 * @param eventTime the column that says when it happened; null for Kafka's timestamp
 * @param knownTime the column that says when it could first be known; null for Kafka's timestamp
 * @param eventId the column that identifies an event; null for (topic, partition, offset)
 */
public record SourceLayout(
        String source,
        String topic,
        String schema,
        @Nullable String eventTime,
        @Nullable String knownTime,
        @Nullable String eventId)
        implements Serializable {
    public SourceLayout {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(schema, "schema");
    }
}
