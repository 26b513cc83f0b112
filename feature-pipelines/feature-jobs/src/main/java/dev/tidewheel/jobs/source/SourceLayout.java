package dev.tidewheel.jobs.source;

import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceFormat;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the job must know to read a source's topic. Travels in the job graph, hence only strings and words.
 *
 * @param source the source's name
 * @param topic the Kafka topic
 * @param format how the values are written
 * @param schema the Avro schema of the values, as JSON
 * @param eventTime the column that says when it happened; null for Kafka's timestamp
 * @param knownTime the column that says when it could first be known; null for Kafka's timestamp
 * @param eventId the column that identifies an event; null for (topic, partition, offset)
 * @param idle a partition without records for so long, wall time, does not hold the others' watermark back
 * @param watermarkDelay how far a partition's watermark stays behind its greatest known time
 * @param recordTime which of its own times a record was known at, if {@code knownTime} is null
 * @param changelog the columns of the primary key, if the last row of each has to be remembered; else empty
 */
public record SourceLayout(
        String source,
        String topic,
        SourceFormat format,
        String schema,
        @Nullable String eventTime,
        @Nullable String knownTime,
        @Nullable String eventId,
        Duration idle,
        Duration watermarkDelay,
        RecordTime recordTime,
        List<String> changelog)
        implements Serializable {
    public SourceLayout {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(watermarkDelay, "watermarkDelay");
        Objects.requireNonNull(recordTime, "recordTime");
        changelog = List.copyOf(changelog);
    }

    /** With watermarks as they are where a definition says nothing of them, and without a changelog. */
    public SourceLayout(
            String source,
            String topic,
            SourceFormat format,
            String schema,
            @Nullable String eventTime,
            @Nullable String knownTime,
            @Nullable String eventId) {
        this(
                source,
                topic,
                format,
                schema,
                eventTime,
                knownTime,
                eventId,
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                RecordTime.KAFKA,
                List.of());
    }

    /** Plain Avro. */
    public SourceLayout(
            String source,
            String topic,
            String schema,
            @Nullable String eventTime,
            @Nullable String knownTime,
            @Nullable String eventId) {
        this(source, topic, SourceFormat.AVRO, schema, eventTime, knownTime, eventId);
    }

    /** That of a definition. */
    public static SourceLayout of(Source source) {
        return new SourceLayout(
                source.name(),
                source.topic(),
                source.format(),
                source.schema(),
                source.eventTime(),
                source.knownTime().orElse(null),
                source.eventId().orElse(null),
                source.idle(),
                source.watermarkDelay(),
                source.recordTime(),
                source.changelog());
    }
}
