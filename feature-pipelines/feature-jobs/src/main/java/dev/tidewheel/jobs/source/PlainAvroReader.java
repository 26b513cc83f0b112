package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Avro without a header. The bytes do not say which schema wrote them, so all must have been written by the very schema
 * of the definition.
 */
final class PlainAvroReader implements ValueReader {
    private final AvroFields fields;
    private @Nullable BinaryDecoder decoder;

    PlainAvroReader(Schema schema, RowSchema columns) {
        this.fields = new AvroFields(schema, columns);
    }

    @Override
    public ReadValue read(byte[] value) throws IOException {
        BinaryDecoder in = DecoderFactory.get().binaryDecoder(value, decoder);
        // What was read half must not leak into the next record.
        decoder = null;
        Row row = fields.read(in);
        if (!in.isEnd()) {
            throw new IOException("bytes are left after the record");
        }
        decoder = in;
        return new ReadValue.Event(row);
    }
}
