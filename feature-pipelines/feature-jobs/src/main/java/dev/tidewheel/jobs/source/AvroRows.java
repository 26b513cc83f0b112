package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Avro records to rows: the bytes by Avro's reader, the fields by a {@link ColumnReader} each. Not thread-safe. */
final class AvroRows {
    private final RowSchema columns;
    private final List<ColumnReader> readers = new ArrayList<>();
    private @Nullable BinaryDecoder decoder;
    private @Nullable GenericRecord reused;

    /**
     * @param schema of the records that come out of Avro's reader
     * @throws IllegalArgumentException if schema and columns do not fit
     */
    AvroRows(Schema schema, RowSchema columns) {
        this.columns = columns;
        for (int slot = 0; slot < columns.size(); slot++) {
            readers.add(ColumnReader.of(schema, columns.column(slot), slot));
        }
    }

    /** One record that takes up all bytes from {@code from} on; valid until the next is read. */
    GenericRecord record(DatumReader<GenericRecord> avro, byte[] value, int from) throws IOException {
        BinaryDecoder open = DecoderFactory.get().binaryDecoder(value, from, value.length - from, decoder);
        GenericRecord before = reused;
        // What was read half must not leak into the next record.
        decoder = null;
        reused = null;
        GenericRecord record = avro.read(before, open);
        if (!open.isEnd()) {
            throw new IOException("bytes are left after the record");
        }
        decoder = open;
        reused = record;
        return record;
    }

    Row row(GenericRecord record) {
        Row row = new Row(columns.size());
        for (ColumnReader column : readers) {
            column.read(record, row);
        }
        return row;
    }
}
