package dev.tidewheel.feature.row;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;

/**
 * Rows of one schema as compact bytes: a bit per column that has a value, then the values. A NaN comes back as the
 * canonical one. Immutable and thread-safe.
 */
public final class RowCodec {
    private final RowSchema schema;

    public RowCodec(RowSchema schema) {
        this.schema = schema;
    }

    /** Of the rows that it writes and reads. */
    public RowSchema schema() {
        return schema;
    }

    /** Appends a row of the schema. */
    public void write(Row row, ByteWriter out) {
        writePresence(row, out);
        for (int slot = 0; slot < schema.size(); slot++) {
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
        Row row = new Row(schema.size());
        int[] presence = new int[(schema.size() + 7) / 8];
        for (int i = 0; i < presence.length; i++) {
            presence[i] = in.readByte();
        }
        for (int slot = 0; slot < schema.size(); slot++) {
            if ((presence[slot / 8] >> slot % 8 & 1) != 0) {
                readValue(row, slot, in);
            }
        }
        return row;
    }

    private void writePresence(Row row, ByteWriter out) {
        for (int first = 0; first < schema.size(); first += 8) {
            int bits = 0;
            for (int slot = first; slot < Math.min(first + 8, schema.size()); slot++) {
                bits |= (row.isNull(slot) ? 0 : 1) << (slot - first);
            }
            out.writeByte(bits);
        }
    }

    private void writeValue(Row row, int slot, ByteWriter out) {
        switch (schema.column(slot).type()) {
            case INT64, TIMESTAMP -> out.writeSigned(row.getLong(slot));
            case FLOAT64 -> out.writeDouble(row.getDouble(slot));
            case BOOL -> out.writeByte(row.getBoolean(slot) ? 1 : 0);
            case STRING, JSON -> out.writeString(text(row, slot));
        }
    }

    private void readValue(Row row, int slot, ByteReader in) {
        switch (schema.column(slot).type()) {
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
