package dev.tidewheel.workbench.replay;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.Schema.Type;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Writes rows of a source as plain Avro, the way its producers would. Not thread-safe. */
final class RowEncoder {
    private static final long MICROS = 1000;

    private final RowSchema row;
    private final List<Field> fields;
    private final int[] slots;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);

    /**
     * @param row the columns of the rows
     * @param schema a record whose fields have the columns' names
     * @throws IllegalArgumentException if a field has no column
     */
    RowEncoder(RowSchema row, Schema schema) {
        this.row = row;
        this.fields = schema.getFields();
        this.slots = fields.stream().mapToInt(this::slotOf).toArray();
    }

    byte[] encode(Row values) {
        bytes.reset();
        try {
            for (int i = 0; i < slots.length; i++) {
                write(values, slots[i], fields.get(i).schema());
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private int slotOf(Field field) {
        int slot = row.slot(field.name());
        if (slot < 0) {
            throw new IllegalArgumentException("the data have no column '" + field.name() + "', only " + row);
        }
        return slot;
    }

    private void write(Row values, int slot, Schema schema) throws IOException {
        if (schema.getType() == Type.UNION) {
            int branch = branch(schema, values.isNull(slot));
            out.writeIndex(branch);
            write(values, slot, schema.getTypes().get(branch));
            return;
        }
        if (schema.getType() != Type.NULL && values.isNull(slot)) {
            throw new IllegalArgumentException(
                    "column '" + row.column(slot).name() + "' is null, but its Avro field may not be");
        }
        switch (schema.getType()) {
            case NULL -> out.writeNull();
            case BOOLEAN -> out.writeBoolean(values.getBoolean(slot));
            case INT -> out.writeInt(Math.toIntExact(values.getLong(slot)));
            case LONG -> out.writeLong(values.getLong(slot) * unit(schema));
            case FLOAT -> out.writeFloat((float) values.getDouble(slot));
            case DOUBLE -> out.writeDouble(values.getDouble(slot));
            case STRING -> out.writeString(Objects.requireNonNull(values.getString(slot)));
            default -> throw new IllegalArgumentException("a replay cannot write Avro " + schema);
        }
    }

    /** Of a union of null and one other, the one that fits. */
    private static int branch(Schema union, boolean isNull) {
        List<Schema> types = union.getTypes();
        for (int i = 0; i < types.size(); i++) {
            if ((types.get(i).getType() == Type.NULL) == isNull) {
                return i;
            }
        }
        throw new IllegalArgumentException("no branch of " + union + " fits");
    }

    private static long unit(Schema schema) {
        String type =
                schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
        return type.endsWith("micros") ? MICROS : 1;
    }
}
