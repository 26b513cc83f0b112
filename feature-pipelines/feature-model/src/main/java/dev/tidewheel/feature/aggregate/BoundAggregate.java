package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.Objects;

/**
 * An aggregate bound to its input's type and its parameters: a partial, and how a value is finished from it. Immutable
 * and thread-safe.
 *
 * @param partial what is kept
 * @param result the type of the finished value
 * @param finisher from partial to value
 * @param <A> the partial's accumulators
 */
public record BoundAggregate<A extends Accumulator<A>>(Partial<A> partial, ColumnType result, Finisher<A> finisher) {

    /** Finishes a value. Leaves the accumulator as it is. */
    @FunctionalInterface
    public interface Finisher<A> {

        /** Writes the value to {@code out[slot]}, which is null before, unless there is none; says what it is worth. */
        Status finish(A accumulator, ReadPoint at, Row out, int slot);
    }

    public BoundAggregate {
        Objects.requireNonNull(partial, "partial");
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(finisher, "finisher");
    }

    /** Writes the value of an accumulator of {@link #partial} to {@code out[slot]}. */
    public Status finish(Accumulator<?> accumulator, ReadPoint at, Row out, int slot) {
        return finisher.finish(partial.type().cast(accumulator), at, out, slot);
    }
}
