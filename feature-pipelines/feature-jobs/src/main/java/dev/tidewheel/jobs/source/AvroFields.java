package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.Decoder;

/**
 * The fields of an Avro record straight from its bytes to a row's slots, in the order in which they were written: no
 * record in between, no boxes. Microseconds are floored to milliseconds. Not thread-safe.
 */
final class AvroFields {

    /** Takes one field from the bytes. */
    private interface Field {
        void read(Decoder in, Row row) throws IOException;
    }

    private final int columns;
    private final Field[] fields;

    /**
     * @param schema that wrote the records
     * @throws IllegalArgumentException if schema and columns do not fit
     */
    AvroFields(Schema schema, RowSchema columns) {
        for (int slot = 0; slot < columns.size(); slot++) {
            ColumnReader.of(schema, columns.column(slot), slot);
        }
        this.columns = columns.size();
        List<Field> read = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            int slot = columns.slot(field.name());
            read.add(slot < 0 ? passed(field.schema()) : field(field.schema(), columns.column(slot), slot));
        }
        this.fields = read.toArray(Field[]::new);
    }

    /** One record, as a new row. */
    Row read(Decoder in) throws IOException {
        Row row = new Row(columns);
        for (Field field : fields) {
            field.read(in, row);
        }
        return row;
    }

    /** What is no column is read and forgotten: a skip would believe any length. */
    private static Field passed(Schema schema) {
        GenericDatumReader<Object> reader = new GenericDatumReader<>(schema);
        return (in, row) -> reader.read(null, in);
    }

    private static Field field(Schema schema, Column column, int slot) {
        if (schema.getType() != Schema.Type.UNION) {
            return value(schema, column, slot);
        }
        Field[] branches = schema.getTypes().stream()
                .map(branch -> branch.getType() == Schema.Type.NULL
                        ? (Field) (in, row) -> in.readNull()
                        : value(branch, column, slot))
                .toArray(Field[]::new);
        return (in, row) -> branches[index(in.readIndex(), branches.length, "branch")].read(in, row);
    }

    private static Field value(Schema type, Column column, int slot) {
        boolean toDouble = column.type() == ColumnType.FLOAT64;
        return switch (type.getType()) {
            case INT ->
                toDouble
                        ? (in, row) -> row.setDouble(slot, in.readInt())
                        : (in, row) -> row.setLong(slot, in.readInt());
            case LONG -> toDouble ? (in, row) -> row.setDouble(slot, in.readLong()) : whole(type, column, slot);
            case FLOAT -> (in, row) -> row.setDouble(slot, in.readFloat());
            case DOUBLE -> (in, row) -> row.setDouble(slot, in.readDouble());
            case BOOLEAN -> (in, row) -> row.setBoolean(slot, in.readBoolean());
            case STRING -> (in, row) -> row.setString(slot, in.readString());
            case ENUM -> {
                List<String> symbols = type.getEnumSymbols();
                yield (in, row) -> row.setString(slot, symbols.get(index(in.readEnum(), symbols.size(), "symbol")));
            }
            default -> throw new IllegalArgumentException("column '" + column.name() + "' cannot be " + type);
        };
    }

    private static Field whole(Schema type, Column column, int slot) {
        boolean micros =
                column.type() == ColumnType.TIMESTAMP && type.getLogicalType() instanceof LogicalTypes.TimestampMicros;
        return micros
                ? (in, row) -> row.setLong(slot, Math.floorDiv(in.readLong(), 1_000L))
                : (in, row) -> row.setLong(slot, in.readLong());
    }

    private static int index(int read, int size, String of) throws IOException {
        if (read < 0 || read >= size) {
            throw new IOException("there is no " + of + " " + read);
        }
        return read;
    }
}
