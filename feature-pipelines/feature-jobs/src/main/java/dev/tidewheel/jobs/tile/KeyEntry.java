package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key with the decoded states of all its views. Not thread-safe. */
final class KeyEntry {

    /** One view's state of the key, and the base's bytes as they were last encoded. */
    static final class Part {
        private static final byte[] NOTHING = {};

        private final KeyState state;
        private final long loadedGeneration;
        private final byte[] loadedBase;
        private final long loadedBytes;

        /**
         * @param base as it was saved; null if none was
         * @param head as it was saved; null if the view does not know the key
         */
        Part(StageView view, byte @Nullable [] base, byte @Nullable [] head) {
            this.state = head == null ? new KeyState(view.plan()) : KeyState.decode(view.plan(), base, head);
            this.loadedGeneration = state.baseGeneration();
            this.loadedBase = base == null ? NOTHING : base;
            this.loadedBytes = head == null ? Encoded.UNKNOWN : loadedBase.length + head.length;
        }

        private Encoded encode() {
            if (state.shouldFold()) {
                state.fold();
            }
            boolean baseChanged = state.baseGeneration() != loadedGeneration;
            return new Encoded(
                    state.version(),
                    baseChanged ? state.encodeBase() : loadedBase,
                    state.encodeHead(),
                    baseChanged,
                    loadedBytes);
        }
    }

    /**
     * A state as bytes.
     *
     * @param baseChanged whether the base is another than before
     * @param bytesBefore how many both had before; {@link #UNKNOWN} if the view did not know the key
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Encoded(Version version, byte[] base, byte[] head, boolean baseChanged, long bytesBefore) {
        static final long UNKNOWN = -1;

        long bytes() {
            return base.length + head.length;
        }

        /** The same, with the base called changed if it already was in what this follows. */
        Encoded since(Encoded before) {
            return before.baseChanged && !baseChanged ? new Encoded(version, base, head, true, bytesBefore) : this;
        }

        /** What the store does not have yet. */
        long newBytes() {
            return head.length + (baseChanged ? base.length : 0);
        }
    }

    private final List<Part> parts;

    KeyEntry(List<Part> parts) {
        this.parts = parts;
    }

    /** Routes a change to one view, by its index in the stage. */
    Disposition route(int view, Change change, boolean duplicate) {
        return parts.get(view).state.route(change, duplicate);
    }

    /** Folds if it is time, and encodes. */
    Encoded encode(int view) {
        return parts.get(view).encode();
    }
}
