package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.row.RowSchema;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A Kafka topic of events.
 *
 * @param name its name
 * @param topic the Kafka topic
 * @param format how records are written
 * @param schema the Avro schema as JSON
 * @param columns the schema's fields that can be columns, in its order
 * @param eventTime the column that says when it happened
 * @param knownTime the column that says when it could be known; without it, the record's own time
 * @param eventId the column that identifies an event; without it, the record's position
 * @param horizon what is known later than this after it happened is late
 * @param futureLimit what happens further ahead of its known time than this is rejected
 * @param idle a partition without records for so long, wall time, does not hold the others' watermark back
 * @param watermarkDelay how far a partition's watermark stays behind its greatest known time
 * @param recordTime which of its own times a record was known at, if no column says so
 * @param changelog the columns of the rows' primary key, if the last row of each has to be remembered; else empty
 */
public record Source(
        String name,
        String topic,
        SourceFormat format,
        String schema,
        RowSchema columns,
        String eventTime,
        Optional<String> knownTime,
        Optional<String> eventId,
        Duration horizon,
        Duration futureLimit,
        Duration idle,
        Duration watermarkDelay,
        RecordTime recordTime,
        List<String> changelog)
        implements Definition {
    public Source {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(eventTime, "eventTime");
        Objects.requireNonNull(knownTime, "knownTime");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(horizon, "horizon");
        Objects.requireNonNull(futureLimit, "futureLimit");
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(watermarkDelay, "watermarkDelay");
        Objects.requireNonNull(recordTime, "recordTime");
        changelog = List.copyOf(changelog);
    }

    @Override
    public Kind kind() {
        return Kind.SOURCE;
    }
}
