package dev.tidewheel.definitions;

import dev.tidewheel.feature.row.RowSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the records of one topic become rows.
 *
 * @param source the name of the source that says so: the source's own, or that of a union's member
 * @param topic the Kafka topic
 * @param format how records are written
 * @param schema the Avro schema as JSON
 * @param columns the schema's fields that can be columns, in its order
 * @param eventTime the column that says when it happened
 * @param knownTime the column that says when it could be known; without it, the record's own time
 * @param eventId the column that identifies an event; without it, the record's position
 * @param recordTime which of its own times a record was known at, if no column says so
 * @param changelog the columns of the rows' primary key, if the last row of each has to be remembered; else empty
 * @param select of a union's member: the union's columns that it computes, with their expressions over its own; it has the
 *     others under their names
 */
public record SourceInput(
        String source,
        String topic,
        SourceFormat format,
        String schema,
        RowSchema columns,
        String eventTime,
        Optional<String> knownTime,
        Optional<String> eventId,
        RecordTime recordTime,
        List<String> changelog,
        Map<String, String> select) {
    public SourceInput {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(eventTime, "eventTime");
        Objects.requireNonNull(knownTime, "knownTime");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(recordTime, "recordTime");
        changelog = List.copyOf(changelog);
        select = Map.copyOf(select);
    }

    /** The same as a member of a union. */
    SourceInput selecting(Map<String, String> columnsOfUnion) {
        return new SourceInput(
                source,
                topic,
                format,
                schema,
                columns,
                eventTime,
                knownTime,
                eventId,
                recordTime,
                changelog,
                columnsOfUnion);
    }

    /**
     * Makes rows of a union from this member's.
     *
     * @param union its columns
     */
    public UnionRows rows(RowSchema union) {
        return new UnionRows(source, columns, eventId.orElse(null), select, union);
    }
}
