package dev.tidewheel.history.source;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Handover;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which columns of a source say when something happened, when it could be known, and what makes it itself.
 *
 * @param source the source's name
 * @param schema the columns of its rows, in the order in which changes carry them
 * @param eventTime the column with the event time
 * @param knownTime the column with the known time; empty where it is the Kafka record's own timestamp
 * @param eventId the column that identifies an event; empty where its position in Kafka does
 * @param changes how the source tells of rows that change; empty where it tells of events
 * @param members by topic, of a union; empty where there is one topic
 * @param handover which rows of the raw table count: those that were imported, or those of the topic
 */
public record SourceColumns(
        String source,
        RowSchema schema,
        String eventTime,
        Optional<String> knownTime,
        Optional<String> eventId,
        Optional<ChangeStream> changes,
        List<Member> members,
        Handover handover) {

    /**
     * A member of a union.
     *
     * @param source its name
     * @param topic its topic
     * @param eventId the type of the column that identifies its events; empty where their position in Kafka does
     */
    public record Member(String source, String topic, Optional<ColumnType> eventId) {
        static Member of(SourceInput input) {
            return new Member(
                    input.source(),
                    input.topic(),
                    input.eventId()
                            .map(name -> input.columns()
                                    .column(input.columns().slot(name))
                                    .type()));
        }
    }

    public SourceColumns {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(changes, "changes");
        members = List.copyOf(members);
        Objects.requireNonNull(handover, "handover");
        requireTime(source, schema, eventTime);
        knownTime.ifPresent(name -> requireTime(source, schema, name));
        eventId.ifPresent(name -> requireId(source, schema, name));
    }

    /** Those of a source of events. */
    public SourceColumns(
            String source, RowSchema schema, String eventTime, Optional<String> knownTime, Optional<String> eventId) {
        this(source, schema, eventTime, knownTime, eventId, Optional.empty());
    }

    /** Those of a source of one topic. */
    public SourceColumns(
            String source,
            RowSchema schema,
            String eventTime,
            Optional<String> knownTime,
            Optional<String> eventId,
            Optional<ChangeStream> changes) {
        this(source, schema, eventTime, knownTime, eventId, changes, List.of(), Handover.OFFSETS);
    }

    /** Those of a defined source. */
    public static SourceColumns of(Source source) {
        return new SourceColumns(
                source.name(),
                source.columns(),
                source.eventTime(),
                source.knownTime(),
                source.eventId(),
                source.isOfChanges()
                        ? Optional.of(new ChangeStream(
                                source.only().recordTime(), source.only().changelog()))
                        : Optional.empty(),
                source.isUnion() ? source.inputs().stream().map(Member::of).toList() : List.of(),
                source.handover());
    }

    /** Whether it has several topics. */
    public boolean isUnion() {
        return !members.isEmpty();
    }

    /**
     * The numbers of the topics' partitions.
     *
     * @param topic of a source that has one: history takes it as it finds it
     */
    public Channels channels(String topic) {
        return isUnion() ? new Channels(members.stream().map(Member::topic).toList()) : Channels.of(topic);
    }

    /** The slot of the event time. */
    public int eventTimeSlot() {
        return schema.slot(eventTime);
    }

    /** The slot of the known time, or −1 where it is the Kafka record's timestamp. */
    public int knownTimeSlot() {
        return knownTime.map(schema::slot).orElse(-1);
    }

    /** The slot of the event id, or −1 where the position is the id. */
    public int eventIdSlot() {
        return eventId.map(schema::slot).orElse(-1);
    }

    private static void requireTime(String source, RowSchema schema, String name) {
        ColumnType type = require(source, schema, name).type();
        if (type != ColumnType.TIMESTAMP && type != ColumnType.INT64) {
            throw new IllegalArgumentException("source '" + source + "': column '" + name + "' is " + type
                    + ", but a time is a TIMESTAMP or an INT64 of epoch milliseconds");
        }
    }

    private static void requireId(String source, RowSchema schema, String name) {
        ColumnType type = require(source, schema, name).type();
        if (type != ColumnType.STRING && type != ColumnType.INT64) {
            throw new IllegalArgumentException("source '" + source + "': column '" + name + "' is " + type
                    + ", but an event id is an INT64 or a STRING");
        }
    }

    private static Column require(String source, RowSchema schema, String name) {
        int slot = schema.slot(name);
        if (slot < 0) {
            throw new IllegalArgumentException(
                    "source '" + source + "' has no column '" + name + "': it has " + schema);
        }
        return schema.column(slot);
    }
}
