package dev.tidewheel.jobs;

import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.jobs.source.SourceLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** The source of random programs: how its topic is written and read. */
public final class ProgramRecords {
    private ProgramRecords() {}

    /** How a source reads them. */
    public static SourceLayout layout(String source, String topic, RandomProgram program) {
        return new SourceLayout(
                source, topic, schema().toString(), "happened", "known", program.declaresIds() ? "id" : null);
    }

    private static Schema schema() {
        StringBuilder fields = new StringBuilder();
        for (Column column : RandomProgram.source().columns()) {
            fields.append(fields.isEmpty() ? "" : ",")
                    .append("{\"name\":\"")
                    .append(column.name())
                    .append("\",\"type\":[\"null\",")
                    .append(type(column))
                    .append("]}");
        }
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Program\",\"fields\":[" + fields + "]}");
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case INT64 -> "\"long\"";
            case TIMESTAMP -> "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
            case FLOAT64 -> "\"double\"";
            case BOOL -> "\"boolean\"";
            case STRING, JSON -> "\"string\"";
        };
    }

    /** A row as its topic holds it. */
    public static byte[] avro(Row row) {
        Schema schema = schema();
        GenericRecord record = new GenericData.Record(schema);
        for (int slot = 0; slot < row.size(); slot++) {
            record.put(slot, row.isNull(slot) ? null : value(row, slot));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Object value(Row row, int slot) {
        return switch (RandomProgram.source().column(slot).type()) {
            case INT64, TIMESTAMP -> row.getLong(slot);
            case FLOAT64 -> row.getDouble(slot);
            case BOOL -> row.getBoolean(slot);
            case STRING, JSON -> String.valueOf(row.getString(slot));
        };
    }
}
