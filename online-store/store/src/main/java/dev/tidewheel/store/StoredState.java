package dev.tidewheel.store;

import dev.tidewheel.feature.view.Version;
import java.util.Objects;

/**
 * What the store holds for one key, or is to hold.
 *
 * <p>A state is always given whole. The store compares its base with the one it has and moves the bytes only when they
 * differ, so passing the same base with every flush costs a digest, not a transfer. Nothing less is safe: after a
 * restart the stored base may come from an attempt that folded at another moment, and a head on a foreign base would
 * count changes twice or not at all.
 *
 * @param version accepted if it is at least the stored one
 * @param flush which flush wrote it
 * @param base bytes of {@code KeyState.encodeBase()}: empty before the first fold
 * @param head bytes of {@code KeyState.encodeHead()}
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose: the bytes go to the wire as they are.
public record StoredState(Version version, FlushId flush, byte[] base, byte[] head) {
    private static final byte[] NOTHING = {};

    public StoredState {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(flush, "flush");
        Objects.requireNonNull(base, "base: give the whole base with every state, empty before the first fold");
        Objects.requireNonNull(head, "head");
    }

    /** What is left of a key once the state of that version is deleted. */
    public static StoredState deleted(Version version, FlushId flush) {
        return new StoredState(version, flush, NOTHING, NOTHING);
    }

    /** What is left of a key that must never come back in its lineage: no version is greater. */
    public static StoredState erased() {
        return deleted(new Version(Long.MAX_VALUE, Long.MAX_VALUE), FlushId.NONE);
    }
}
