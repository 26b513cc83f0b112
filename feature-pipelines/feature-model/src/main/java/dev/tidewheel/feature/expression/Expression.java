package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import java.util.List;

/**
 * A CEL expression, type-checked by cel-java against a row's columns and compiled to a closure over its slots.
 * Immutable and thread-safe. {@code docs/expressions.md} is its reference.
 *
 * <p>A null operand gives a null result, except where {@code &&}, {@code ||}, {@code ?:}, {@code coalesce} and the
 * comparison with {@code null} decide without it. An error of an operand wins over a null, the left error over the
 * right one; so the order of operands never decides between a null and an error.
 */
public interface Expression {

    /**
     * @param text CEL; column names are its variables
     * @param row the columns that it may use
     * @throws ExpressionException if it does not compile
     */
    static Expression compile(String text, RowSchema row) {
        return CompiledLately.expression(text, row);
    }

    /** What {@link #evaluate} leaves in the output slot. */
    ColumnType type();

    /** The slots of the columns that it names, ascending, each once. */
    List<Integer> columns();

    /** The registered functions that it calls, with their versions, such as {@code geo.distance@1}; ascending. */
    List<String> functions();

    /**
     * Evaluates over a row and leaves the result in {@code out[slot]}, null unless the status is OK. The slot is used
     * for intermediate results too: {@code out} may be {@code in}, but not with a slot that the expression reads.
     *
     * @return OK, NULL, OVERFLOW or ERROR (division by zero, a failed conversion)
     */
    Status evaluate(Row in, Row out, int slot);
}
