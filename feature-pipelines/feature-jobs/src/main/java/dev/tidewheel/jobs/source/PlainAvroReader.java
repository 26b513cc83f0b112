package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/**
 * Avro without a header. The bytes do not say which schema wrote them, so all must have been written by the very schema
 * of the definition.
 */
final class PlainAvroReader implements ValueReader {
    private final GenericDatumReader<GenericRecord> avro;
    private final AvroRows rows;

    PlainAvroReader(Schema schema, RowSchema columns) {
        this.avro = new GenericDatumReader<>(schema);
        this.rows = new AvroRows(schema, columns);
    }

    @Override
    public ReadValue read(byte[] value) throws IOException {
        return new ReadValue.Event(rows.row(rows.record(avro, value, 0)));
    }
}
