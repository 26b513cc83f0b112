package dev.tidewheel.jobs.source;

import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.definitions.SourceFormat;
import dev.tidewheel.definitions.SourceInput;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the job must know to read one of a source's topics. Travels in the job graph, hence only strings and words.
 *
 * @param source the name of the source that declares it
 * @param topic the Kafka topic
 * @param format how the values are written
 * @param schema the Avro schema of the values, as JSON
 * @param eventTime the column that says when it happened; null for Kafka's timestamp
 * @param knownTime the column that says when it could first be known; null for Kafka's timestamp
 * @param eventId the column that identifies an event; null for (topic, partition, offset)
 * @param recordTime which of its own times a record was known at, if {@code knownTime} is null
 * @param changelog the columns of the primary key, if the last row of each has to be remembered; else empty
 * @param member how its rows become those of the source; null if they are, because the source is no union
 */
public record TopicLayout(
        String source,
        String topic,
        SourceFormat format,
        String schema,
        @Nullable String eventTime,
        @Nullable String knownTime,
        @Nullable String eventId,
        RecordTime recordTime,
        List<String> changelog,
        @Nullable MemberLayout member)
        implements Serializable {
    public TopicLayout {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(recordTime, "recordTime");
        changelog = List.copyOf(changelog);
    }

    /**
     * That of a definition.
     *
     * @param isMember whether the source is a union
     */
    static TopicLayout of(SourceInput input, boolean isMember) {
        return new TopicLayout(
                input.source(),
                input.topic(),
                input.format(),
                input.schema(),
                input.eventTime(),
                input.knownTime().orElse(null),
                input.eventId().orElse(null),
                input.recordTime(),
                input.changelog(),
                isMember ? MemberLayout.of(input) : null);
    }
}
