package dev.tidewheel.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.util.Arrays;
import java.util.List;

/** The events' Avro schema, and their bytes, written by hand: making them must not be what is measured. Not thread-safe. */
final class EventBytes {
    static final String SCHEMA = """
            {"type": "record", "name": "record", "fields": [
              {"name": "ts", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "user_id", "type": "string"},
              {"name": "amount", "type": "long"}]}
            """;

    private byte[] buffer = new byte[64];
    private int size;

    static RowSchema columns() {
        return new RowSchema(List.of(
                new Column("ts", ColumnType.TIMESTAMP),
                new Column("user_id", ColumnType.STRING),
                new Column("amount", ColumnType.INT64)));
    }

    /** One event as plain Avro. */
    byte[] of(long eventTime, String key, long amount) {
        size = 0;
        putLong(eventTime);
        byte[] text = key.getBytes(UTF_8);
        putLong(text.length);
        ensure(text.length);
        System.arraycopy(text, 0, buffer, size, text.length);
        size += text.length;
        putLong(amount);
        return Arrays.copyOf(buffer, size);
    }

    private void putLong(long value) {
        ensure(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2 + more);
        }
    }
}
