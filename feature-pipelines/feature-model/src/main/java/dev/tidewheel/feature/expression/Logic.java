package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.view.Status;
import java.util.List;

/**
 * Three-valued logic. A false operand decides {@code &&} and a true one {@code ||}, on either side and whatever the
 * other is, even an error; otherwise an error wins over a null.
 */
final class Logic {
    private Logic() {}

    static Code and(Code left, Code right) {
        return decidedBy(false, left, right);
    }

    static Code or(Code left, Code right) {
        return decidedBy(true, left, right);
    }

    private static Code decidedBy(boolean decisive, Code left, Code right) {
        return (in, out, slot) -> {
            Status first = left.run(in, out, slot);
            if (first == Status.OK && out.getBoolean(slot) == decisive) {
                return Status.OK;
            }
            Status second = right.run(in, out, slot);
            if (second == Status.OK && out.getBoolean(slot) == decisive) {
                return Status.OK;
            }
            return first == Status.OK && second == Status.OK
                    ? Operator.ok(out.setBoolean(slot, !decisive))
                    : Code.failed(first, second);
        };
    }

    static Code not(Code operand) {
        return Operator.longs(x -> x ^ 1).over(List.of(operand));
    }

    /** Only the branch that is taken is evaluated. */
    static Code conditional(Code condition, Code yes, Code no) {
        return (in, out, slot) -> {
            Status status = condition.run(in, out, slot);
            if (status != Status.OK) {
                return status;
            }
            return (out.getBoolean(slot) ? yes : no).run(in, out, slot);
        };
    }

    /** The first operand unless it is null, else the second. */
    static Code coalesce(Code value, Code fallback) {
        return (in, out, slot) -> {
            Status status = value.run(in, out, slot);
            return status == Status.NULL ? fallback.run(in, out, slot) : status;
        };
    }
}
