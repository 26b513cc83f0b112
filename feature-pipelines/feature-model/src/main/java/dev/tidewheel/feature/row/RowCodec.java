package dev.tidewheel.feature.row;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;

/**
 * Rows of one schema as compact bytes: a bit per column that has a value, then the values. A NaN comes back as the
 * canonical one. Immutable and thread-safe.
 */
public final class RowCodec {
    private final RowSchema schema;
    private final ColumnType[] types;

    public RowCodec(RowSchema schema) {
        this.schema = schema;
        this.types = schema.columns().stream().map(Column::type).toArray(ColumnType[]::new);
    }

    /** Of the rows that it writes and reads. */
    public RowSchema schema() {
        return schema;
    }

    /** Appends a row of the schema. */
    public void write(Row row, ByteWriter out) {
        writePresence(row, out);
        for (int slot = 0; slot < types.length; slot++) {
            if (!row.isNull(slot)) {
                writeValue(row, slot, out);
            }
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if the bytes are no such row
     */
    public Row read(ByteReader in) {
        Row row = new Row(types.length);
        byte[] bytes = in.array();
        int presence = in.position();
        in.skip((types.length + 7) / 8);
        for (int slot = 0; slot < types.length; slot++) {
            if ((bytes[presence + slot / 8] >> slot % 8 & 1) != 0) {
                readValue(row, slot, in);
            }
        }
        return row;
    }

    private void writePresence(Row row, ByteWriter out) {
        for (int first = 0; first < types.length; first += 8) {
            int bits = 0;
            for (int slot = first; slot < Math.min(first + 8, types.length); slot++) {
                bits |= (row.isNull(slot) ? 0 : 1) << (slot - first);
            }
            out.writeByte(bits);
        }
    }

    private void writeValue(Row row, int slot, ByteWriter out) {
        switch (types[slot]) {
            case INT64, TIMESTAMP -> out.writeSigned(row.getLong(slot));
            case FLOAT64 -> out.writeDouble(row.getDouble(slot));
            case BOOL -> out.writeByte(row.getBoolean(slot) ? 1 : 0);
            case STRING, JSON -> out.writeString(text(row, slot));
        }
    }

    private void readValue(Row row, int slot, ByteReader in) {
        switch (types[slot]) {
            case INT64, TIMESTAMP -> row.setLong(slot, in.readSigned());
            case FLOAT64 -> row.setDouble(slot, in.readDouble());
            case BOOL -> row.setBoolean(slot, in.readByte() != 0);
            case STRING, JSON -> row.setString(slot, in.readString());
        }
    }

    private String text(Row row, int slot) {
        String text = row.getString(slot);
        if (text == null) {
            throw new IllegalArgumentException("column '" + schema.column(slot).name() + "' holds no string");
        }
        return text;
    }
}
