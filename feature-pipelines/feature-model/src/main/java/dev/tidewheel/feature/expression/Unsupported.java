package dev.tidewheel.feature.expression;

import dev.cel.common.types.CelType;

/** What CEL knows and Tidewheel does not, and what to write instead. */
final class Unsupported {
    private Unsupported() {}

    static String remedy(String function, String overload) {
        if (overload.endsWith("_with_tz")) {
            return "time zones are not supported, times are read as UTC; write " + function + "()";
        }
        if (overload.contains("duration") || overload.equals("subtract_timestamp_timestamp")) {
            return "durations are not supported; subtract seconds: int(a) - int(b)";
        }
        return switch (function) {
            case "matches" -> "regular expressions are not supported; write startsWith, endsWith, contains or ==";
            case "bool" -> "bool() of a string is not supported; write x == 'true'";
            case "dyn", "type" -> "expressions are typed before they run; leave out " + function + "()";
            case "uint" -> "unsigned integers are not supported; write int()";
            case "bytes" -> "bytes are not supported; use strings";
            case "_[_]" -> "lists and maps are not supported; use columns";
            default -> "'" + Symbols.of(function) + "' is not supported for these types; see docs/expressions.md";
        };
    }

    static String type(CelType type) {
        return "the result would be a " + Symbols.type(type.name())
                + "; write an expression whose result is an int, double, bool, string or timestamp";
    }
}
