package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;

/**
 * The partial aggregate of some changes: what a tile holds. Mutable, not thread-safe. With ≡ for "encodes to the same
 * bytes", ∅ for the identity that {@link Partial#create} makes, and a, b, c for any accumulators of one partial, the laws
 * are:
 *
 * <ul>
 *   <li>identity: a merge ∅ ≡ a ≡ ∅ merge a;
 *   <li>commutative: a merge b ≡ b merge a;
 *   <li>associative: (a merge b) merge c ≡ a merge (b merge c);
 *   <li>adding is merging: a add x ≡ a merge (∅ add x);
 *   <li>where {@link Partial#undoes}: a add x retract x finishes as a does, and {@code retract} may come before
 *       {@code add}, because a head of deltas can hold the one without the other;
 *   <li>where {@link Partial#subtracts}: (a merge b) subtract b ≡ a;
 *   <li>unless {@link Partial#readsIds}: what is added under another id is added all the same.
 * </ul>
 *
 * <p>For a {@link Promise#BOUNDED} partial ≡ means "within the bound". {@code add} and {@code retract} are never called
 * with a null value: nulls do not count.
 *
 * @param <A> the implementing class
 */
public interface Accumulator<A extends Accumulator<A>> {

    /** Counts the value in {@code values[slot]}, which is not null; the change's position orders it among others. */
    void add(Row values, int slot, long eventTime, EventId id);

    /**
     * Takes a value away again.
     *
     * @throws UnsupportedOperationException unless {@link Partial#retracts}
     */
    void retract(Row values, int slot, long eventTime, EventId id);

    /** Counts everything that the other counts; leaves the other as it is and keeps nothing of it. */
    void merge(A other);

    /**
     * Counts no longer what the other counts, which was merged before; leaves the other as it is.
     *
     * @throws UnsupportedOperationException unless {@link Partial#subtracts}
     */
    default void subtract(A other) {
        throw new UnsupportedOperationException(other.describe() + " cannot be taken out again");
    }

    /** Whether this is the identity, so that it need not be written. */
    boolean isIdentity();

    /** Appends bytes that depend on the value alone, not on how it came about. */
    void encode(ByteWriter out);

    /** What is counted so far, for people: {@code count 3, sum 45}. */
    String describe();
}
