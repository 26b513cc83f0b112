package dev.tidewheel.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Fields read one by one, beside Avro's own reader. */
class AvroFieldsTest {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "R", "fields": [
              {"name": "passed", "type": {"type": "array", "items": ["null", "string"]}},
              {"name": "small", "type": "int"},
              {"name": "large", "type": ["null", "long"]},
              {"name": "micros", "type": ["long", "null"]},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "single", "type": "float"},
              {"name": "number", "type": ["null", "double"]},
              {"name": "whole", "type": "long"},
              {"name": "inside", "type": {"type": "record", "name": "I", "fields": [
                {"name": "x", "type": {"type": "map", "values": "bytes"}}]}},
              {"name": "flag", "type": ["null", "boolean"]},
              {"name": "suit", "type": ["null", {"type": "enum", "name": "S", "symbols": ["HEARTS", "CLUBS"]}]},
              {"name": "text", "type": ["string", "null"]}]}
            """);
    private static final RowSchema COLUMNS = new RowSchema(List.of(
            new Column("text", ColumnType.STRING),
            new Column("suit", ColumnType.STRING),
            new Column("flag", ColumnType.BOOL),
            new Column("whole", ColumnType.FLOAT64),
            new Column("number", ColumnType.FLOAT64),
            new Column("single", ColumnType.FLOAT64),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("micros", ColumnType.INT64),
            new Column("large", ColumnType.INT64),
            new Column("small", ColumnType.INT64)));

    private final Random random = new Random(20_261_121);
    private final AvroFields fields = new AvroFields(SCHEMA, COLUMNS);
    private final AvroRows rows = new AvroRows(SCHEMA, COLUMNS);
    private final GenericDatumReader<GenericRecord> avro = new GenericDatumReader<>(SCHEMA);

    @Test
    void rowsAreThoseOfAvrosReader() throws IOException {
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = bytes(record());
            assertThat(read(bytes)).isNotNull().isEqualTo(readByAvro(bytes));
        }
    }

    @Test
    void whatAvroRefusesIsRefused() throws IOException {
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = bytes(record());
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            byte[] broken = random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
            Row expected = readByAvro(broken);
            assertThat(read(broken)).as(Arrays.toString(broken)).isEqualTo(expected);
            refused += expected == null ? 1 : 0;
        }
        assertThat(refused).isBetween(5_000, 19_000);
    }

    @Test
    void columnsThatDoNotFitAreNamed() {
        RowSchema other = new RowSchema(List.of(new Column("passed", ColumnType.INT64)));
        assertThatThrownBy(() -> new AvroFields(SCHEMA, other)).hasMessageContaining("'passed'");
    }

    private @Nullable Row read(byte[] bytes) {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
            Row row = fields.read(in);
            return in.isEnd() ? row : null;
        } catch (IOException | RuntimeException refused) {
            return null;
        }
    }

    private @Nullable Row readByAvro(byte[] bytes) {
        try {
            return rows.row(rows.record(avro, bytes, 0));
        } catch (IOException | RuntimeException refused) {
            return null;
        }
    }

    private GenericRecord record() {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put("passed", random.nextBoolean() ? List.of() : Arrays.asList("a", null, text()));
        record.put("small", random.nextInt());
        record.put("large", orNull(random.nextLong()));
        record.put("micros", orNull(random.nextLong()));
        record.put("at", random.nextLong());
        record.put("single", random.nextBoolean() ? Float.NaN : random.nextFloat());
        record.put("number", orNull(Double.longBitsToDouble(random.nextLong())));
        record.put("whole", random.nextLong());
        GenericRecord inside = new GenericData.Record(SCHEMA.getField("inside").schema());
        inside.put("x", Map.of(text(), java.nio.ByteBuffer.wrap(new byte[random.nextInt(4)])));
        record.put("inside", inside);
        record.put("flag", orNull(random.nextBoolean()));
        Schema suit = SCHEMA.getField("suit").schema().getTypes().get(1);
        record.put("suit", orNull(new GenericData.EnumSymbol(suit, random.nextBoolean() ? "HEARTS" : "CLUBS")));
        record.put("text", orNull(text()));
        return record;
    }

    private <T> @Nullable T orNull(T value) {
        return random.nextInt(4) == 0 ? null : value;
    }

    private String text() {
        return random.ints(random.nextInt(12), 1, 0x2000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static byte[] bytes(GenericRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(SCHEMA).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
