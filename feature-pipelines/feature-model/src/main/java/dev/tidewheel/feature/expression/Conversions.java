package dev.tidewheel.feature.expression;

import static dev.tidewheel.feature.expression.Operator.identity;
import static dev.tidewheel.feature.expression.Operator.longs;
import static dev.tidewheel.feature.expression.Operator.ok;
import static dev.tidewheel.feature.expression.Operator.text;
import static dev.tidewheel.feature.expression.Operator.word;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.time.Instant;
import java.util.Map;

/** {@code int()}, {@code double()}, {@code string()} and {@code timestamp()}. */
final class Conversions {
    private static final double TWO_TO_63 = 0x1p63;

    private Conversions() {}

    static final Map<String, Operator> OPERATORS = Map.ofEntries(
            Map.entry("int64_to_int64", identity()),
            Map.entry("double_to_double", identity()),
            Map.entry("string_to_string", identity()),
            Map.entry("timestamp_to_timestamp", identity()),
            Map.entry("bool_to_bool", identity()),
            Map.entry("double_to_int64", word(Conversions::truncate)),
            Map.entry("int64_to_double", word((x, out, slot) -> ok(out.setDouble(slot, x)))),
            Map.entry("string_to_int64", text(Conversions::parseLong)),
            Map.entry("string_to_double", text(Conversions::parseDouble)),
            Map.entry("int64_to_string", word((x, out, slot) -> ok(out.setString(slot, Long.toString(x))))),
            Map.entry("double_to_string", word(Conversions::doubleText)),
            Map.entry("bool_to_string", word((x, out, slot) -> ok(out.setString(slot, x == 0 ? "false" : "true")))),
            Map.entry("timestamp_to_string", word(Conversions::instantText)),
            Map.entry("timestamp_to_int64", longs(millis -> Math.floorDiv(millis, 1000L))),
            Map.entry("int64_to_timestamp", word(Conversions::secondsToInstant)));

    private static Status truncate(long bits, Row out, int slot) {
        double x = Double.longBitsToDouble(bits);
        return x > -TWO_TO_63 && x < TWO_TO_63 ? ok(out.setLong(slot, (long) x)) : Status.OVERFLOW;
    }

    private static Status parseLong(String text, Row out, int slot) {
        try {
            return ok(out.setLong(slot, Long.parseLong(text)));
        } catch (NumberFormatException notANumber) {
            return Status.ERROR;
        }
    }

    private static Status parseDouble(String text, Row out, int slot) {
        try {
            return ok(out.setDouble(slot, Double.parseDouble(text)));
        } catch (NumberFormatException notANumber) {
            return Status.ERROR;
        }
    }

    private static Status doubleText(long bits, Row out, int slot) {
        return ok(out.setString(slot, Double.toString(Double.longBitsToDouble(bits))));
    }

    private static Status instantText(long millis, Row out, int slot) {
        return ok(out.setString(slot, Instant.ofEpochMilli(millis).toString()));
    }

    private static Status secondsToInstant(long seconds, Row out, int slot) {
        boolean fits = Math.abs(seconds) <= Long.MAX_VALUE / 1000 && seconds != Long.MIN_VALUE;
        return fits ? ok(out.setLong(slot, seconds * 1000)) : Status.OVERFLOW;
    }
}
