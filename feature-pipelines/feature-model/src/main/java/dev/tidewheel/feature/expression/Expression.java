package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;

/**
 * A CEL expression, type-checked by cel-java against a row's columns and compiled to a closure over its slots.
 * Immutable and thread-safe. A null operand gives a null result, except where {@code &&}, {@code ||}, {@code ?:} and
 * the comparison with {@code null} decide without it.
 */
public interface Expression {

    /**
     * @param text CEL; column names are its variables
     * @param row the columns that it may use
     * @throws ExpressionException if it does not compile
     */
    static Expression compile(String text, RowSchema row) {
        throw new UnsupportedOperationException();
    }

    /** What {@link #evaluate} leaves in the output slot. */
    ColumnType type();

    /**
     * Evaluates over a row and leaves the result in {@code out[slot]}, null unless the status is OK.
     *
     * @return OK, NULL, OVERFLOW or ERROR (division by zero, a failed conversion)
     */
    Status evaluate(Row in, Row out, int slot);
}
