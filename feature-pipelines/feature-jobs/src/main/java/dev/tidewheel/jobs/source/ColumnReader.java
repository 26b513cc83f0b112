package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Copies one Avro field into one slot; a null field leaves the slot null. Microseconds are floored to milliseconds. */
final class ColumnReader {

    /** Sets a slot from a value that is not null. */
    private interface Setter {
        void set(Row row, int slot, Object value);
    }

    private final int field;
    private final int slot;
    private final Setter setter;

    private ColumnReader(int field, int slot, Setter setter) {
        this.field = field;
        this.slot = slot;
        this.setter = setter;
    }

    /**
     * @throws IllegalArgumentException if the schema has no such field or one of another type
     */
    static ColumnReader of(Schema schema, Column column, int slot) {
        Schema.Field field = schema.getField(column.name());
        if (field == null) {
            throw new IllegalArgumentException("the Avro schema has no field '" + column.name() + "'");
        }
        return new ColumnReader(field.pos(), slot, setter(column, withoutNull(field.schema())));
    }

    static Schema withoutNull(Schema schema) {
        if (schema.getType() != Schema.Type.UNION) {
            return schema;
        }
        List<Schema> others = schema.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .toList();
        if (others.size() != 1) {
            throw new IllegalArgumentException("a union of null and one other type is supported, not " + schema);
        }
        return others.get(0);
    }

    private static Setter setter(Column column, Schema type) {
        return switch (column.type()) {
            case INT64 -> {
                require(column, type, Schema.Type.INT, Schema.Type.LONG);
                yield (row, slot, value) -> row.setLong(slot, ((Number) value).longValue());
            }
            case TIMESTAMP -> {
                require(column, type, Schema.Type.LONG);
                long units = type.getLogicalType() instanceof LogicalTypes.TimestampMicros ? 1_000 : 1;
                yield (row, slot, value) -> row.setLong(slot, Math.floorDiv((Long) value, units));
            }
            case FLOAT64 -> {
                require(column, type, Schema.Type.FLOAT, Schema.Type.DOUBLE, Schema.Type.INT, Schema.Type.LONG);
                yield (row, slot, value) -> row.setDouble(slot, ((Number) value).doubleValue());
            }
            case BOOL -> {
                require(column, type, Schema.Type.BOOLEAN);
                yield (row, slot, value) -> row.setBoolean(slot, (Boolean) value);
            }
            case STRING, JSON -> {
                require(column, type, Schema.Type.STRING, Schema.Type.ENUM);
                yield (row, slot, value) -> row.setString(slot, value.toString());
            }
        };
    }

    private static void require(Column column, Schema type, Schema.Type... allowed) {
        if (!List.of(allowed).contains(type.getType())) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "' is " + column.type() + ", but its Avro field is " + type.getType());
        }
    }

    void read(GenericRecord from, Row row) {
        set(from.get(field), row);
    }

    /** Sets the slot from one of Avro's generic values. */
    void set(@Nullable Object value, Row row) {
        if (value != null) {
            setter.set(row, slot, value);
        }
    }
}
