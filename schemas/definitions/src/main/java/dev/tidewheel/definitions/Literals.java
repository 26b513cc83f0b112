package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.ScalarType;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.OptionalDouble;

/** Values of columns as they are written in tests. */
final class Literals {
    private Literals() {}

    /** Leaves a value in a slot; a problem if the text is no value of the type. */
    static void set(Scalar literal, ColumnType type, Row row, int slot, Problems problems) {
        if (!literal.isNull() && !set(literal.text(), type, row, slot)) {
            problems.add(
                    literal.place(),
                    ProblemCode.BAD_VALUE,
                    literal.what() + " is not " + Columns.word(type) + "; write " + example(type) + ", or null");
        }
    }

    private static boolean set(String text, ColumnType type, Row row, int slot) {
        switch (type) {
            case INT64 -> Scalars.integer(text).ifPresent(value -> row.setLong(slot, value));
            case FLOAT64 -> real(text).ifPresent(value -> row.setDouble(slot, value));
            case TIMESTAMP -> Scalars.instant(text).ifPresent(value -> row.setLong(slot, value.toEpochMilli()));
            case STRING, JSON -> row.setString(slot, text);
            case BOOL -> {
                if (text.equals("true") || text.equals("false")) {
                    row.setBoolean(slot, text.equals("true"));
                }
            }
        }
        return !row.isNull(slot);
    }

    /** A number, or one of those that have no digits, as JSON values of features write them. */
    private static OptionalDouble real(String text) {
        return switch (text) {
            case "NaN" -> OptionalDouble.of(Double.NaN);
            case "Infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-Infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> Scalars.number(text);
        };
    }

    private static String example(ColumnType type) {
        return switch (type) {
            case INT64 -> ScalarType.INTEGER.remedy();
            case FLOAT64 -> ScalarType.NUMBER.remedy();
            case TIMESTAMP -> ScalarType.INSTANT.remedy();
            case STRING, JSON -> "a text";
            case BOOL -> "true or false";
        };
    }
}
