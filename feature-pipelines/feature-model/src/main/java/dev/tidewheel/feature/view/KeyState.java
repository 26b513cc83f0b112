package dev.tidewheel.feature.view;

import dev.tidewheel.feature.change.Change;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one view knows about one key: tiles of partial aggregates, split into a {@code base} that is
 * rewritten rarely and a {@code head} of deltas and raw changes that is rewritten with every flush. A value is finished
 * at read, for the moment asked. Mutable, not thread-safe.
 *
 * <p>Used alike by the Flink operator, by the reader of the online store and by training sets: there is no second
 * implementation, except the naive oracle that tests and parity compare it with.
 */
public final class KeyState {

    /** An empty state. */
    public KeyState(ViewPlan plan) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads the two halves back.
     *
     * @param base bytes of {@link #encodeBase()}, or null if none was ever written
     * @param head bytes of {@link #encodeHead()}
     * @throws IllegalArgumentException if the bytes are not of this plan or the head is not of this base
     */
    public static KeyState decode(ViewPlan plan, byte @Nullable [] base, byte[] head) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a change whose row has the columns of {@link ViewPlan#source()}. Updates the version, the counts and, if
     * applied, the head.
     *
     * @param duplicate whether the caller has seen the change's id before, within the horizon
     */
    public Disposition route(Change change, boolean duplicate) {
        throw new UnsupportedOperationException();
    }

    /** The value of every feature at a time, by the state's changes that are visible then. */
    public FeatureValues read(long t) {
        throw new UnsupportedOperationException();
    }

    /** What a key that was never seen has: counts 0 or null, all NOT_FOUND. */
    public static FeatureValues absent(ViewPlan plan) {
        throw new UnsupportedOperationException();
    }

    public Version version() {
        throw new UnsupportedOperationException();
    }

    /** How many changes had each disposition; sums to {@code version().routed()}. */
    public long count(Disposition disposition) {
        throw new UnsupportedOperationException();
    }

    /** The greatest visibleAt inside any tile: a read before it is READ_POINT_PASSED. */
    public long foldedThrough() {
        throw new UnsupportedOperationException();
    }

    /** Whether the head has outgrown its bound, so that the next flush should fold it into the base. */
    public boolean shouldFold() {
        throw new UnsupportedOperationException();
    }

    /** Moves the head's deltas into the base and drops tiles that no exact read can need. */
    public void fold() {
        throw new UnsupportedOperationException();
    }

    /** Which base this state's head applies to: grows by one with every fold; 0 before the first. */
    public long baseGeneration() {
        throw new UnsupportedOperationException();
    }

    /** The base's bytes; deterministic, starts with a format byte. Empty before the first fold. */
    public byte[] encodeBase() {
        throw new UnsupportedOperationException();
    }

    /** The head's bytes: version, counts, foldedThrough, base generation, deltas, raw changes. */
    public byte[] encodeHead() {
        throw new UnsupportedOperationException();
    }
}
