package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.ReadValue.RowChanged;
import dev.tidewheel.jobs.source.registry.RegistryUnavailableException;
import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.records.DeadLetterReason;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns a Kafka record into a {@link SourceRecord}: its value into the source's columns, and from them its times and its
 * id. Never throws for what a producer sent: what cannot be used becomes a refused record. Not thread-safe.
 */
public final class RecordDecoder {
    private final TopicLayout layout;
    private final RowSchema columns;
    private final ValueReader reader;
    private final int eventTimeSlot;
    private final int knownTimeSlot;
    private final int eventIdSlot;
    private final @Nullable ChangeDecoder changes;

    /**
     * @param layout of the topic
     * @param columns the source's columns, each of them a field of the Avro schema
     * @param registry where writers' schemas are; null if the process has none
     * @throws IllegalArgumentException if schema and columns do not fit, a named column does not exist, or the format
     *     needs a registry
     */
    RecordDecoder(TopicLayout layout, RowSchema columns, @Nullable SchemaRegistryConfig registry) {
        this.layout = layout;
        this.columns = columns;
        this.reader = ValueReaders.of(layout, columns, registry);
        this.eventTimeSlot = slot(layout.eventTime(), "eventTime");
        this.knownTimeSlot = slot(layout.knownTime(), "knownTime");
        this.eventIdSlot = slot(layout.eventId(), "eventId");
        this.changes = layout.format().isOfChanges() ? new ChangeDecoder(layout, columns, eventTimeSlot) : null;
    }

    /** Of a source of one topic. */
    public RecordDecoder(SourceLayout layout, RowSchema columns, @Nullable SchemaRegistryConfig registry) {
        this(layout.only(), columns, registry);
    }

    /** Of a source of one topic whose format needs no registry. */
    public RecordDecoder(SourceLayout layout, RowSchema columns) {
        this(layout, columns, null);
    }

    private int slot(@Nullable String column, String role) {
        if (column == null) {
            return -1;
        }
        int slot = columns.slot(column);
        if (slot < 0) {
            throw new IllegalArgumentException(
                    "source " + layout.source() + ": " + role + " names column '" + column + "', which does not exist");
        }
        return slot;
    }

    /**
     * Decodes one record; see the class.
     *
     * @throws RegistryUnavailableException if nothing can be said of the record; it has to be read again
     */
    @SuppressWarnings("IllegalCatch") // Foreign bytes make readers throw any kind: all of them say the same.
    public SourceRecord decode(
            int partition, long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
        Position at = new Position(partition, offset, timestamp, key, value);
        if (value == null) {
            return changes == null
                    ? undecodable(at, "the record has no value")
                    : derive(at, changes, new RowChanged(RowOperation.TOMBSTONE, null, null, null, null));
        }
        ReadValue read;
        try {
            read = reader.read(value);
        } catch (RegistryUnavailableException unknown) {
            throw unknown;
        } catch (UndecodableException broken) {
            return undecodable(at, String.valueOf(broken.getMessage()));
        } catch (IOException | RuntimeException broken) {
            return undecodable(at, "not " + layout.format().word() + " of the source's schema: " + broken.getMessage());
        }
        return read instanceof RowChanged change
                ? derive(at, Objects.requireNonNull(changes, "no format of changes"), change)
                : derive(at, ((ReadValue.Event) read).row());
    }

    /** The same of what the raw table has kept of a record, which was not refused when it was read first. */
    SourceRecord kept(int partition, long offset, long timestamp, KeptRow kept) {
        Position at = new Position(partition, offset, timestamp, null, null);
        KeptRow.Changed change = kept.change();
        if (change == null) {
            return derive(at, kept.row());
        }
        RowOperation operation = RowOperation.of(change.operation())
                .orElseThrow(() -> new IllegalStateException("the raw table of source " + layout.source()
                        + " has operation '" + change.operation() + "', which this version does not know"));
        return accept(
                at,
                Objects.requireNonNull(changes, "no format of changes"),
                new RowChanged(operation, change.before(), kept.row(), change.connectorTime(), change.databaseTime()));
    }

    private SourceRecord derive(Position at, ChangeDecoder decoder, RowChanged value) {
        ChangeDecoder.Refused refused = decoder.refusal(value);
        return refused == null
                ? accept(at, decoder, value)
                : at.refused(new Row(columns.size()), refused.reason(), refused.detail());
    }

    private SourceRecord accept(Position at, ChangeDecoder decoder, RowChanged value) {
        ChangeEvent event = decoder.event(value);
        Row after = value.after() == null || !value.operation().adds() ? new Row(columns.size()) : value.after();
        EventId id = EventId.of(layout.topic(), at.partition(), at.offset());
        long eventTime = event.adds() ? after.getLong(eventTimeSlot) : 0;
        return at.accepted(after, eventTime, decoder.knownTime(value, at.timestamp()), id, event);
    }

    private SourceRecord undecodable(Position at, String detail) {
        return at.refused(new Row(columns.size()), DeadLetterReason.UNDECODABLE, detail);
    }

    private SourceRecord derive(Position at, Row row) {
        if (eventTimeSlot >= 0 && row.isNull(eventTimeSlot)) {
            return at.refused(row, DeadLetterReason.NO_EVENT_TIME, layout.eventTime() + " is null");
        }
        if (knownTimeSlot >= 0 && row.isNull(knownTimeSlot)) {
            return at.refused(row, DeadLetterReason.NO_KNOWN_TIME, layout.knownTime() + " is null");
        }
        if (eventIdSlot >= 0 && row.isNull(eventIdSlot)) {
            return at.refused(row, DeadLetterReason.NO_EVENT_ID, layout.eventId() + " is null");
        }
        long eventTime = eventTimeSlot < 0 ? at.timestamp() : row.getLong(eventTimeSlot);
        long knownTime = knownTimeSlot < 0 ? at.timestamp() : row.getLong(knownTimeSlot);
        return at.accepted(row, eventTime, knownTime, id(at, row), null);
    }

    private EventId id(Position at, Row row) {
        if (eventIdSlot < 0) {
            return EventId.of(layout.topic(), at.partition(), at.offset());
        }
        if (columns.column(eventIdSlot).type() == ColumnType.STRING) {
            String text = row.getString(eventIdSlot);
            return EventId.of(text == null ? "" : text);
        }
        return EventId.of(row.getLong(eventIdSlot));
    }

    /** Where a record stands and what it brought. */
    @SuppressWarnings("ArrayRecordComponent") // A parameter list with a name, never compared.
    private record Position(
            int partition, long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {

        SourceRecord accepted(Row row, long eventTime, long knownTime, EventId id, @Nullable ChangeEvent event) {
            return new SourceRecord(
                    partition,
                    offset,
                    timestamp,
                    null,
                    null,
                    row.words(),
                    row.strings(),
                    row.nulls(),
                    eventTime,
                    knownTime,
                    id.text(),
                    id.high(),
                    id.low(),
                    null,
                    "",
                    event);
        }

        SourceRecord refused(Row row, DeadLetterReason reason, String detail) {
            return new SourceRecord(
                    partition,
                    offset,
                    timestamp,
                    key,
                    value,
                    row.words(),
                    row.strings(),
                    row.nulls(),
                    0,
                    0,
                    "",
                    0,
                    0,
                    reason,
                    detail,
                    null);
        }
    }
}
