package dev.tidewheel.jobs.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Copies one value of a JSON object into one slot, if it is what the schema declares. Immutable. */
final class JsonField {
    private static final int SHOWN = 40;
    private static final int MICROS_PER_MILLI = 1_000;
    private static final Map<String, Double> NO_NUMBERS =
            Map.of("NaN", Double.NaN, "Infinity", Double.POSITIVE_INFINITY, "-Infinity", Double.NEGATIVE_INFINITY);

    private final String name;
    private final int slot;
    private final Schema type;
    private final boolean nullable;
    private final Setter setter;

    /** Sets a slot from a value that is not null. */
    private interface Setter {
        void set(JsonParser in, Row row) throws IOException, UndecodableException;
    }

    /**
     * @param declared the field's schema
     * @param nullable whether it may be null even if the schema says that it may not
     */
    JsonField(Column column, int slot, Schema declared, boolean nullable) {
        this.name = column.name();
        this.slot = slot;
        this.type = ColumnReader.withoutNull(declared);
        this.nullable = nullable || declared.isNullable();
        this.setter = switch (column.type()) {
            case INT64 -> this::integer;
            case TIMESTAMP -> this::time;
            case FLOAT64 -> this::number;
            case BOOL -> this::truth;
            case STRING, JSON -> this::text;
        };
    }

    String name() {
        return name;
    }

    int slot() {
        return slot;
    }

    /** Reads the parser's current value. */
    void read(JsonParser in, Row row) throws IOException, UndecodableException {
        if (in.currentToken() != JsonToken.VALUE_NULL) {
            setter.set(in, row);
        } else if (nullable) {
            row.setNull(slot);
        } else {
            throw new UndecodableException("field '" + name + "' is null, but the schema declares " + type.getType());
        }
    }

    private void integer(JsonParser in, Row row) throws IOException, UndecodableException {
        long value = whole(in, "a whole number of 64 bits");
        if (type.getType() == Schema.Type.INT && value != (int) value) {
            throw wrong(in, "a whole number of 32 bits, as the schema's int");
        }
        row.setLong(slot, value);
    }

    private long whole(JsonParser in, String expected) throws IOException, UndecodableException {
        if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
                && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return in.getLongValue();
        }
        if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            BigDecimal value = in.getDecimalValue();
            try {
                return value.longValueExact();
            } catch (ArithmeticException notWhole) {
                throw wrong(in, expected);
            }
        }
        throw wrong(in, expected);
    }

    private void number(JsonParser in, Row row) throws IOException, UndecodableException {
        Double noNumber = in.currentToken() == JsonToken.VALUE_STRING ? NO_NUMBERS.get(in.getText()) : null;
        if (noNumber != null) {
            row.setDouble(slot, noNumber);
            return;
        }
        if (!in.currentToken().isNumeric()) {
            throw wrong(in, "a number");
        }
        double value = in.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw wrong(in, "a number in the range of a double");
        }
        row.setDouble(slot, value);
    }

    private void truth(JsonParser in, Row row) throws IOException, UndecodableException {
        if (!in.currentToken().isBoolean()) {
            throw wrong(in, "true or false");
        }
        row.setBoolean(slot, in.getBooleanValue());
    }

    private void text(JsonParser in, Row row) throws IOException, UndecodableException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(in, "a string");
        }
        String value = in.getText();
        if (type.getType() == Schema.Type.ENUM && !type.hasEnumSymbol(value)) {
            if (type.getEnumDefault() == null) {
                throw wrong(in, "one of " + Set.copyOf(type.getEnumSymbols()));
            }
            value = type.getEnumDefault();
        }
        row.setString(slot, value);
    }

    private void time(JsonParser in, Row row) throws IOException, UndecodableException {
        boolean micros = type.getLogicalType() instanceof LogicalTypes.TimestampMicros;
        String expected = "a time: " + (micros ? "microseconds" : "milliseconds")
                + " since 1970 or ISO 8601 with an offset, such as 2001-02-01T08:00:00Z";
        if (in.currentToken() == JsonToken.VALUE_STRING) {
            try {
                row.setLong(slot, OffsetDateTime.parse(in.getText()).toInstant().toEpochMilli());
            } catch (DateTimeException | ArithmeticException noTime) {
                throw wrong(in, expected);
            }
            return;
        }
        long value = whole(in, expected);
        row.setLong(slot, micros ? Math.floorDiv(value, MICROS_PER_MILLI) : value);
    }

    private UndecodableException wrong(JsonParser in, String expected) throws IOException {
        JsonToken token = in.currentToken();
        String found;
        if (token.isStructStart()) {
            found = token == JsonToken.START_OBJECT ? "an object" : "an array";
        } else {
            String text = in.getText();
            found = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
            found = token == JsonToken.VALUE_STRING ? "the string \"" + found + '"' : found;
        }
        return new UndecodableException("field '" + name + "' is " + found + ", not " + expected);
    }
}
