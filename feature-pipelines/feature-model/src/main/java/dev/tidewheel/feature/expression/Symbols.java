package dev.tidewheel.feature.expression;

import java.util.regex.Pattern;

/** CEL's inner names in the words of those who write expressions. */
final class Symbols {
    private static final Pattern WRAPPER = Pattern.compile("wrapper\\((\\w+)\\)");

    private Symbols() {}

    /** {@code _+_} is {@code +}. */
    static String of(String function) {
        if (function.equals("@in")) {
            return "in";
        }
        return function.startsWith("_") || function.endsWith("_") ? function.replace("_", "") : function;
    }

    /** {@code wrapper(int)} is an {@code int}. */
    static String type(String name) {
        return WRAPPER.matcher(name)
                .replaceAll("$1")
                .replace("google.protobuf.Timestamp", "timestamp")
                .replace("google.protobuf.Duration", "duration")
                .replace("null_type", "null");
    }
}
