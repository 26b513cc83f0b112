package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.row.ColumnType;
import org.jspecify.annotations.Nullable;

/** JSON by its grammar, for values of columns. */
final class NaiveJson {
    private NaiveJson() {}

    static String of(ColumnType type, long word, @Nullable String text) {
        return switch (type) {
            case STRING -> quoted(String.valueOf(text));
            case JSON -> String.valueOf(text);
            case BOOL -> word == 0 ? "false" : "true";
            case INT64, TIMESTAMP -> Long.toString(word);
            case FLOAT64 -> of(Double.longBitsToDouble(word));
        };
    }

    private static String of(double value) {
        boolean isNumber = !Double.isNaN(value) && !Double.isInfinite(value);
        return isNumber ? Double.toString(value) : quoted(Double.toString(value));
    }

    static String quoted(String text) {
        String escaped = "";
        for (int code : text.codePoints().toArray()) {
            boolean mustBeHex = code < 0x20 || (code >= 0xD800 && code <= 0xDFFF);
            escaped += switch (code) {
                case '"' -> "\\\"";
                case '\\' -> "\\\\";
                case '\b' -> "\\b";
                case '\f' -> "\\f";
                case '\n' -> "\\n";
                case '\r' -> "\\r";
                case '\t' -> "\\t";
                default -> mustBeHex ? String.format("\\u%04x", code) : Character.toString(code);
            };
        }
        return '"' + escaped + '"';
    }
}
