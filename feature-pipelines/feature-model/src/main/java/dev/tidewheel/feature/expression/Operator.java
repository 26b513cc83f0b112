package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Builds the code of an operation from the code of its operands. The factories take care of nulls and errors of the
 * operands, so that an operation is written as what it does with values.
 */
@FunctionalInterface
interface Operator {

    Code over(List<Code> operands);

    /** Of one word (an integer, a time, a boolean, the bits of a double), with a status of its own. */
    @FunctionalInterface
    interface Word {
        Status apply(long x, Row out, int slot);
    }

    /** Of two words, with a status of its own. */
    @FunctionalInterface
    interface Words {
        Status apply(long x, long y, Row out, int slot);
    }

    /** Of a string, with a status of its own. */
    @FunctionalInterface
    interface Text {
        Status apply(String x, Row out, int slot);
    }

    /** A comparison of two integers, times or booleans. */
    @FunctionalInterface
    interface LongRelation {
        boolean holds(long x, long y);
    }

    /** A comparison of two doubles. */
    @FunctionalInterface
    interface DoubleRelation {
        boolean holds(double x, double y);
    }

    static Operator word(Word operation) {
        return operands -> {
            Code operand = operands.get(0);
            return (in, out, slot) -> {
                Status status = operand.run(in, out, slot);
                return status == Status.OK ? operation.apply(out.getLong(slot), out, slot) : status;
            };
        };
    }

    static Operator words(Words operation) {
        return operands -> {
            Code left = operands.get(0);
            Code right = operands.get(1);
            return (in, out, slot) -> {
                Status first = left.run(in, out, slot);
                long x = out.getLong(slot);
                Status second = right.run(in, out, slot);
                return first == Status.OK && second == Status.OK
                        ? operation.apply(x, out.getLong(slot), out, slot)
                        : Code.failed(first, second);
            };
        };
    }

    static Operator text(Text operation) {
        return operands -> {
            Code operand = operands.get(0);
            return (in, out, slot) -> {
                Status status = operand.run(in, out, slot);
                return status == Status.OK ? operation.apply(string(out, slot), out, slot) : status;
            };
        };
    }

    static Operator texts(BinaryOperator<String> operation) {
        return twoStrings((x, y, out, slot) -> out.setString(slot, operation.apply(x, y)));
    }

    static Operator textRelation(BiPredicate<String, String> relation) {
        return twoStrings((x, y, out, slot) -> out.setBoolean(slot, relation.test(x, y)));
    }

    static Operator longs(LongUnaryOperator operation) {
        return word((x, out, slot) -> ok(out.setLong(slot, operation.applyAsLong(x))));
    }

    static Operator doubles(DoubleUnaryOperator operation) {
        return word((x, out, slot) -> ok(out.setDouble(slot, operation.applyAsDouble(Double.longBitsToDouble(x)))));
    }

    static Operator doubles(DoubleBinaryOperator operation) {
        return words((x, y, out, slot) -> ok(
                out.setDouble(slot, operation.applyAsDouble(Double.longBitsToDouble(x), Double.longBitsToDouble(y)))));
    }

    static Operator longRelation(LongRelation relation) {
        return words((x, y, out, slot) -> ok(out.setBoolean(slot, relation.holds(x, y))));
    }

    static Operator doubleRelation(DoubleRelation relation) {
        return words((x, y, out, slot) ->
                ok(out.setBoolean(slot, relation.holds(Double.longBitsToDouble(x), Double.longBitsToDouble(y)))));
    }

    /** Passes its operand through. */
    static Operator identity() {
        return operands -> operands.get(0);
    }

    /** For the end of an operation that always has a value. */
    static Status ok(Row written) {
        Objects.requireNonNull(written);
        return Status.OK;
    }

    private static String string(Row out, int slot) {
        return Objects.requireNonNull(out.getString(slot));
    }

    /** Of two strings; always has a value. */
    @FunctionalInterface
    interface Texts {
        Row apply(String x, String y, Row out, int slot);
    }

    private static Operator twoStrings(Texts operation) {
        return operands -> {
            Code left = operands.get(0);
            Code right = operands.get(1);
            return (in, out, slot) -> {
                Status first = left.run(in, out, slot);
                String x = out.getString(slot);
                Status second = right.run(in, out, slot);
                return first == Status.OK && second == Status.OK
                        ? ok(operation.apply(Objects.requireNonNull(x), string(out, slot), out, slot))
                        : Code.failed(first, second);
            };
        };
    }
}
