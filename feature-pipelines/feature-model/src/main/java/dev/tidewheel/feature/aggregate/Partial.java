package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.row.Row;

/**
 * A kind of partial aggregate with its parameters and input type: makes and reads {@link Accumulator}s. Immutable and
 * thread-safe. Windows and aggregates that need equal partials over the same input share one.
 *
 * @param <A> its accumulators
 */
public interface Partial<A extends Accumulator<A>> {

    /** Equal for partials that hold the same, and part of what stored bytes are checked against: never change one. */
    String key();

    /** How many consecutive slots of a row an accumulator reads, from the one that it is given on. */
    default int width() {
        return 1;
    }

    /**
     * Whether a null counts like any other value. Its accumulators are given a slot that is true, so that the row counts,
     * and the value in the slot behind.
     */
    default boolean takesNulls() {
        return false;
    }

    /** The class of the accumulators. */
    Class<A> type();

    /** A new identity. */
    A create();

    /**
     * Reads what {@link Accumulator#encode} wrote.
     *
     * @throws IllegalArgumentException if no accumulator encodes so
     */
    A decode(ByteReader in);

    /**
     * Passes over what {@link Accumulator#encode} wrote. Kinds that are small and frequent do it without making one.
     *
     * @throws IllegalArgumentException if no accumulator encodes so
     */
    default void skip(ByteReader in) {
        decode(in);
    }

    /**
     * As how many {@linkplain dev.tidewheel.feature.bytes.ByteWriter#writeSigned numbers} an accumulator is encoded, where
     * that is all and always the same; else 0. Those are passed over without asking the partial.
     */
    default int numbers() {
        return 0;
    }

    /** Whether {@link Accumulator#retract} works. */
    boolean retracts();

    /** Whether taking a row away leaves what there was before it came. */
    default boolean undoes() {
        return retracts();
    }

    /** Whether {@link Accumulator#subtract} works. */
    default boolean subtracts() {
        return false;
    }

    /** Whether the ids of changes matter. */
    default boolean readsIds() {
        return true;
    }

    /**
     * As how many numbers an accumulator can be held while a key is played, where those add up: merging adds them one by
     * one, taking away subtracts them. A change moves none by more than 2<sup>31</sup>, so that as many changes fit. 0 where
     * there is no such form.
     */
    default int terms() {
        return 0;
    }

    /**
     * Writes the {@link #terms} of one value, which is not null.
     *
     * @throws UnsupportedOperationException if it has none
     */
    default void readTerms(Row values, int slot, long[] into, int at) {
        throw new UnsupportedOperationException(key() + " has no terms");
    }

    /**
     * A new accumulator, as if it had counted all whose terms were added up.
     *
     * @throws UnsupportedOperationException if it has none
     */
    default A ofTerms(long[] terms, int at) {
        throw new UnsupportedOperationException(key() + " has no terms");
    }

    /** What equal sets of changes have in common. */
    Promise promise();

    /** The encoded size of a typical tile's accumulator, for estimates of cost. */
    int typicalBytes();

    /**
     * The encoded size of the largest accumulator that its parameters allow, with texts of a typical length: what limits
     * are held against. The typical size where no parameter bounds it.
     */
    default long mostBytes() {
        return typicalBytes();
    }

    /** {@link Accumulator#merge} for callers that hold accumulators of many kinds. */
    default void merge(Accumulator<?> into, Accumulator<?> from) {
        type().cast(into).merge(type().cast(from));
    }

    /** {@link Accumulator#subtract} for callers that hold accumulators of many kinds. */
    default void subtract(Accumulator<?> from, Accumulator<?> taken) {
        type().cast(from).subtract(type().cast(taken));
    }
}
