package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.records.DeadLetterReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Turns a Kafka record into a {@link SourceRecord}: plain Avro into the source's columns, and from them its times and
 * its id. Never throws for what a producer sent: what cannot be used becomes a refused record. Not thread-safe.
 */
public final class RecordDecoder {
    private final SourceLayout layout;
    private final RowSchema columns;
    private final GenericDatumReader<GenericRecord> reader;
    private final List<ColumnReader> readers = new ArrayList<>();
    private final int eventTimeSlot;
    private final int knownTimeSlot;
    private final int eventIdSlot;
    private @Nullable BinaryDecoder decoder;
    private @Nullable GenericRecord reused;

    /**
     * @param layout of the source
     * @param columns the source's columns, each of them a field of the Avro schema
     * @throws IllegalArgumentException if schema and columns do not fit, or a named column does not exist
     */
    public RecordDecoder(SourceLayout layout, RowSchema columns) {
        this.layout = layout;
        this.columns = columns;
        Schema schema = new Schema.Parser().parse(layout.schema());
        this.reader = new GenericDatumReader<>(schema);
        for (int slot = 0; slot < columns.size(); slot++) {
            readers.add(ColumnReader.of(schema, columns.column(slot), slot));
        }
        this.eventTimeSlot = slot(layout.eventTime(), "eventTime");
        this.knownTimeSlot = slot(layout.knownTime(), "knownTime");
        this.eventIdSlot = slot(layout.eventId(), "eventId");
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

    /** Decodes one record; see the class. */
    @SuppressWarnings("IllegalCatch") // Foreign bytes make Avro throw any kind: all of them say the same.
    public SourceRecord decode(
            int partition, long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
        Position at = new Position(partition, offset, timestamp, key, value);
        Row row = new Row(columns.size());
        if (value == null) {
            return at.refused(row, DeadLetterReason.UNDECODABLE, "the record has no value");
        }
        try {
            read(value, row);
        } catch (IOException | RuntimeException broken) {
            // What it had read half must not leak into the next record.
            decoder = null;
            reused = null;
            return at.refused(
                    new Row(columns.size()),
                    DeadLetterReason.UNDECODABLE,
                    "not Avro of the source's schema: " + broken.getMessage());
        }
        return derive(at, row);
    }

    private void read(byte[] value, Row row) throws IOException {
        decoder = DecoderFactory.get().binaryDecoder(value, decoder);
        reused = reader.read(reused, decoder);
        if (!decoder.isEnd()) {
            throw new IOException("bytes are left after the record");
        }
        for (ColumnReader column : readers) {
            column.read(reused, row);
        }
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
        return at.accepted(row, eventTime, knownTime, id(at, row));
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

        SourceRecord accepted(Row row, long eventTime, long knownTime, EventId id) {
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
                    "");
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
                    detail);
        }
    }
}
