package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import org.jspecify.annotations.Nullable;

/** One value of a column's type outside of a row. Mutable, not thread-safe. */
final class Scalar {
    private final ColumnType type;
    private long word;
    private @Nullable String text;

    Scalar(ColumnType type) {
        this.type = type;
    }

    static Scalar of(ColumnType type, Row row, int slot) {
        Scalar scalar = new Scalar(type);
        scalar.set(row, slot);
        return scalar;
    }

    ColumnType type() {
        return type;
    }

    static Scalar decode(ColumnType type, ByteReader in) {
        Scalar scalar = new Scalar(type);
        scalar.decode(in);
        return scalar;
    }

    void set(Row row, int slot) {
        if (type.isText()) {
            text = row.getString(slot);
        } else {
            word = row.getLong(slot);
        }
    }

    void set(Scalar other) {
        word = other.word;
        text = other.text;
    }

    void copyTo(Row out, int slot) {
        if (type.isText()) {
            out.setString(slot, text());
        } else {
            out.setLong(slot, word);
        }
    }

    /** Negative if this one is smaller. Doubles by value, −0.0 below 0.0; NaN only equals itself and is the greatest. */
    int compareTo(Scalar other) {
        return switch (type) {
            case STRING, JSON -> text().compareTo(other.text());
            case FLOAT64 -> Double.compare(asDouble(), other.asDouble());
            case INT64, BOOL, TIMESTAMP -> Long.compare(word, other.word);
        };
    }

    boolean isNaN() {
        return type == ColumnType.FLOAT64 && Double.isNaN(asDouble());
    }

    void encode(ByteWriter out) {
        switch (type) {
            case STRING, JSON -> out.writeString(text());
            case FLOAT64 -> out.writeDouble(asDouble());
            case BOOL -> out.writeByte((int) word);
            case INT64, TIMESTAMP -> out.writeSigned(word);
        }
    }

    void decode(ByteReader in) {
        switch (type) {
            case STRING, JSON -> text = in.readString();
            case FLOAT64 -> word = Double.doubleToRawLongBits(in.readDouble());
            case BOOL -> word = in.readByte();
            case INT64, TIMESTAMP -> word = in.readSigned();
        }
    }

    void appendTo(JsonText out) {
        switch (type) {
            case STRING -> out.string(text());
            case JSON -> out.raw(text());
            case FLOAT64 -> out.number(asDouble());
            case BOOL -> out.raw(Boolean.toString(word != 0));
            case INT64, TIMESTAMP -> out.number(word);
        }
    }

    /** The most that {@link #encode} writes for a type; of a text, as much as is typical. */
    static int mostBytes(ColumnType type) {
        return switch (type) {
            case STRING, JSON -> 12;
            case FLOAT64 -> Double.BYTES;
            case BOOL -> 1;
            case INT64, TIMESTAMP -> 10;
        };
    }

    /** Passes over what {@link #encode} wrote for a type. */
    static void skip(ColumnType type, ByteReader in) {
        switch (type) {
            case STRING, JSON -> in.readString();
            case FLOAT64 -> in.skip(Double.BYTES);
            case BOOL -> in.skip(1);
            case INT64, TIMESTAMP -> in.skipNumber();
        }
    }

    /** Whether {@link #encode} writes one number for a type. */
    static boolean isNumber(ColumnType type) {
        return type == ColumnType.INT64 || type == ColumnType.TIMESTAMP;
    }

    private double asDouble() {
        return Double.longBitsToDouble(word);
    }

    private String text() {
        if (text == null) {
            throw new IllegalStateException("no value was set");
        }
        return text;
    }

    @Override
    public String toString() {
        return switch (type) {
            case STRING, JSON -> text();
            case FLOAT64 -> Double.toString(asDouble());
            case BOOL -> Boolean.toString(word != 0);
            case INT64, TIMESTAMP -> Long.toString(word);
        };
    }
}
