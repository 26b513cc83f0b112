package dev.tidewheel.feature.expression;

import static dev.tidewheel.feature.expression.Operator.doubleRelation;
import static dev.tidewheel.feature.expression.Operator.longRelation;
import static dev.tidewheel.feature.expression.Operator.textRelation;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.view.Status;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Order and equality, the comparison with null, and {@code in}. */
final class Comparisons {
    private Comparisons() {}

    /** By overload; equality has one overload for all types and is built by {@link #equality}. */
    static final Map<String, Operator> OPERATORS = orders();

    private static Map<String, Operator> orders() {
        Map<String, Operator> operators = new HashMap<>();
        for (String words : List.of("int64", "timestamp", "bool")) {
            operators.put("less_" + words, longRelation((x, y) -> x < y));
            operators.put("less_equals_" + words, longRelation((x, y) -> x <= y));
            operators.put("greater_" + words, longRelation((x, y) -> x > y));
            operators.put("greater_equals_" + words, longRelation((x, y) -> x >= y));
        }
        operators.put("less_double", doubleRelation((x, y) -> x < y));
        operators.put("less_equals_double", doubleRelation((x, y) -> x <= y));
        operators.put("greater_double", doubleRelation((x, y) -> x > y));
        operators.put("greater_equals_double", doubleRelation((x, y) -> x >= y));
        operators.put("less_string", textRelation((x, y) -> x.compareTo(y) < 0));
        operators.put("less_equals_string", textRelation((x, y) -> x.compareTo(y) <= 0));
        operators.put("greater_string", textRelation((x, y) -> x.compareTo(y) > 0));
        operators.put("greater_equals_string", textRelation((x, y) -> x.compareTo(y) >= 0));
        return Map.copyOf(operators);
    }

    /** Whether two values of one type are equal; NaN equals nothing, −0.0 equals 0.0. */
    static Operator equality(ColumnType type) {
        return switch (type) {
            case INT64, TIMESTAMP, BOOL -> longRelation((x, y) -> x == y);
            case FLOAT64 -> doubleRelation((x, y) -> x == y);
            case STRING, JSON -> textRelation(String::equals);
        };
    }

    /** Whether the operand is null. */
    static Code isNull(Code operand) {
        return (in, out, slot) -> switch (operand.run(in, out, slot)) {
            case OK -> Operator.ok(out.setBoolean(slot, false));
            case NULL -> Operator.ok(out.setBoolean(slot, true));
            case OVERFLOW -> Status.OVERFLOW;
            default -> Status.ERROR;
        };
    }

    /** Whether the operand is one of the integers or times. */
    static Operator inLongs(long[] sorted) {
        return Operator.word((x, out, slot) -> {
            boolean found = Arrays.binarySearch(sorted, x) >= 0;
            return Operator.ok(out.setBoolean(slot, found));
        });
    }

    /** Whether the operand is one of the doubles, as {@code ==} has it. */
    static Operator inDoubles(double[] members) {
        return Operator.word((bits, out, slot) -> {
            double x = Double.longBitsToDouble(bits);
            boolean found = false;
            for (double member : members) {
                found |= member == x;
            }
            return Operator.ok(out.setBoolean(slot, found));
        });
    }

    /** Whether the operand is one of the strings. */
    static Operator inStrings(Set<String> members) {
        return Operator.text((x, out, slot) -> Operator.ok(out.setBoolean(slot, members.contains(x))));
    }
}
