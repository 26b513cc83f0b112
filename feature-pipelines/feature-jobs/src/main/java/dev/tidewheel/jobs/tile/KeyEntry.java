package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.List;

/**
 * One key with the decoded states of all its views, from its first change after a flush to the next flush: a hot key is
 * decoded, encoded and written once per flush, however many changes it had. Not thread-safe.
 */
final class KeyEntry {

    /** One view's state of the key, and the base's bytes as they were last encoded. */
    static final class Part {
        private final StageView view;
        private final KeyState state;
        private final long loadedGeneration;
        private final byte[] loadedBase;

        Part(StageView view, KeyState state, byte[] loadedBase) {
            this.view = view;
            this.state = state;
            this.loadedGeneration = state.baseGeneration();
            this.loadedBase = loadedBase;
        }

        private Encoded encode() {
            if (state.shouldFold()) {
                state.fold();
            }
            boolean baseChanged = state.baseGeneration() != loadedGeneration;
            return new Encoded(baseChanged ? state.encodeBase() : loadedBase, state.encodeHead(), baseChanged);
        }
    }

    /** A state as bytes. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Encoded(byte[] base, byte[] head, boolean baseChanged) {
        /** What the store does not have yet. */
        long newBytes() {
            return head.length + (baseChanged ? base.length : 0);
        }
    }

    private final String key;
    private final List<Part> parts;

    KeyEntry(String key, List<Part> parts) {
        this.key = key;
        this.parts = parts;
    }

    String key() {
        return key;
    }

    /** Routes a change to one view, by its index in the stage. */
    Disposition route(int view, Change change, boolean duplicate) {
        return parts.get(view).state.route(change, duplicate);
    }

    /** Folds if it is time, and encodes. */
    Encoded encode(int view) {
        return parts.get(view).encode();
    }

    ViewKey viewKey(int view) {
        StageView of = parts.get(view).view;
        return new ViewKey(of.name(), of.lineage(), key);
    }

    StoredState stored(int view, FlushId flush, Encoded encoded) {
        return new StoredState(parts.get(view).state.version(), flush, encoded.base(), encoded.head());
    }
}
