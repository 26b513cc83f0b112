package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;

/**
 * A compiled node of an expression. The output slot is its only register: operands leave their values there one after
 * the other, so that nothing is boxed or allocated on the way.
 */
@FunctionalInterface
interface Code {

    /**
     * @return the status; {@code out[slot]} holds the value if it is OK, and rubbish otherwise
     */
    Status run(Row in, Row out, int slot);

    /** The status of an operation of which at least one operand is not OK: errors before nulls, left before right. */
    static Status failed(Status left, Status right) {
        return isError(left) || !isError(right) && left != Status.OK ? left : right;
    }

    private static boolean isError(Status status) {
        return status != Status.OK && status != Status.NULL;
    }
}
