package dev.tidewheel.feature.expression;

import static dev.tidewheel.feature.expression.Operator.doubles;
import static dev.tidewheel.feature.expression.Operator.ok;
import static dev.tidewheel.feature.expression.Operator.texts;
import static dev.tidewheel.feature.expression.Operator.word;
import static dev.tidewheel.feature.expression.Operator.words;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.Map;

/** {@code + - * / %} and the sign. Integers never wrap: they overflow. Doubles follow IEEE 754 and never fail. */
final class Arithmetic {
    private Arithmetic() {}

    static final Map<String, Operator> OPERATORS = Map.ofEntries(
            Map.entry("add_int64", words(Arithmetic::add)),
            Map.entry("subtract_int64", words(Arithmetic::subtract)),
            Map.entry("multiply_int64", words(Arithmetic::multiply)),
            Map.entry("divide_int64", words(Arithmetic::divide)),
            Map.entry("modulo_int64", words(Arithmetic::modulo)),
            Map.entry("negate_int64", word(Arithmetic::negate)),
            Map.entry("add_double", doubles(Double::sum)),
            Map.entry("subtract_double", doubles((x, y) -> x - y)),
            Map.entry("multiply_double", doubles((x, y) -> x * y)),
            Map.entry("divide_double", doubles((x, y) -> x / y)),
            Map.entry("negate_double", doubles(x -> -x)),
            Map.entry("add_string", texts(String::concat)));

    private static Status add(long x, long y, Row out, int slot) {
        long sum = x + y;
        return ((x ^ sum) & (y ^ sum)) < 0 ? Status.OVERFLOW : ok(out.setLong(slot, sum));
    }

    private static Status subtract(long x, long y, Row out, int slot) {
        long difference = x - y;
        return ((x ^ y) & (x ^ difference)) < 0 ? Status.OVERFLOW : ok(out.setLong(slot, difference));
    }

    private static Status multiply(long x, long y, Row out, int slot) {
        long product = x * y;
        return Math.multiplyHigh(x, y) != product >> 63 ? Status.OVERFLOW : ok(out.setLong(slot, product));
    }

    private static Status divide(long x, long y, Row out, int slot) {
        if (y == 0) {
            return Status.ERROR;
        }
        return x == Long.MIN_VALUE && y == -1 ? Status.OVERFLOW : ok(out.setLong(slot, x / y));
    }

    /** Has the sign of the dividend; no remainder overflows. */
    private static Status modulo(long x, long y, Row out, int slot) {
        return y == 0 ? Status.ERROR : ok(out.setLong(slot, x % y));
    }

    private static Status negate(long x, Row out, int slot) {
        return x == Long.MIN_VALUE ? Status.OVERFLOW : ok(out.setLong(slot, -x));
    }
}
