package dev.tidewheel.jobs.chain;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Rows of a changelog as plain Avro of the schema that its source declares: every field a union of null and its type. Not
 * thread-safe.
 */
final class ChangelogAvro {
    private static final int NULL = 0;
    private static final int VALUE = 1;

    private final RowSchema schema;

    ChangelogAvro(RowSchema schema) {
        this.schema = schema;
    }

    byte[] encode(Row row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Encoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            for (int slot = 0; slot < schema.size(); slot++) {
                out.writeIndex(row.isNull(slot) ? NULL : VALUE);
                if (row.isNull(slot)) {
                    out.writeNull();
                } else {
                    value(row, slot, out);
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private void value(Row row, int slot, Encoder out) throws IOException {
        switch (schema.column(slot).type()) {
            case INT64, TIMESTAMP -> out.writeLong(row.getLong(slot));
            case FLOAT64 -> out.writeDouble(row.getDouble(slot));
            case BOOL -> out.writeBoolean(row.getBoolean(slot));
            case STRING, JSON ->
                out.writeString(Objects.requireNonNull(row.getString(slot), "a string slot without a string"));
        }
    }
}
