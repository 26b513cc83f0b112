package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.tile.KeyEntry.Encoded;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key that has changed since the last flush. After a change it is encoded and saved at once, while all that this needs
 * is in the processor's caches: until the flush, thousands of other keys would have pushed it out. A key that changes
 * again soon, within the same {@linkplain FlushLimits#round() round}, is hot: it stays decoded until the round's end, so
 * that it is decoded and encoded twice per round, however many changes it has. One that changes again later is as good as
 * new: what is kept decoded for long is slower to find again than bytes are to decode. Not thread-safe.
 */
final class ChangedKey {
    private final String key;
    private final @Nullable Encoded[] encoded;
    private long round;
    private @Nullable KeyEntry open;

    private ChangedKey(String key, @Nullable Encoded[] encoded) {
        this.key = key;
        this.encoded = encoded;
    }

    /** Encodes and saves a key that is the current one. */
    static ChangedKey saved(String key, KeyEntry entry, int views, long round, KeyedStage.States states)
            throws Exception {
        ChangedKey changed = new ChangedKey(key, new Encoded[views]);
        changed.save(entry, round, states);
        return changed;
    }

    boolean isOpen() {
        return open != null;
    }

    /** Whether it has changed in this round. */
    boolean isOf(long round) {
        return this.round == round;
    }

    /** The states of the current key, to be changed; {@link #close} saves them. */
    KeyEntry open(KeyedStage.States states) throws Exception {
        if (open == null) {
            open = states.load(key);
        }
        return open;
    }

    /** Saves what is open. Makes the key the current one. */
    void close(KeyedStage.States states) throws Exception {
        if (open != null) {
            states.select(key);
            save(open, round, states);
            open = null;
        }
    }

    /** Encodes and saves a key that is the current one and not open. */
    void save(KeyEntry entry, long now, KeyedStage.States states) throws Exception {
        round = now;
        for (int view = 0; view < encoded.length; view++) {
            Encoded next = entry.encode(view);
            states.save(view, next);
            Encoded before = encoded[view];
            encoded[view] = before == null ? next : next.since(before);
        }
    }

    /** How many bytes the states have as they were last saved. */
    long bytes() {
        long bytes = 0;
        for (Encoded state : encoded) {
            bytes += Objects.requireNonNull(state).bytes();
        }
        return bytes;
    }

    /** How many of them the store does not have yet. */
    long newBytes() {
        long bytes = 0;
        for (Encoded state : encoded) {
            bytes += Objects.requireNonNull(state).newBytes();
        }
        return bytes;
    }

    /** Adds the states to a batch. */
    void addTo(Map<ViewKey, StoredState> batch, List<StageView> views, FlushId flush) {
        for (int view = 0; view < encoded.length; view++) {
            Encoded state = Objects.requireNonNull(encoded[view]);
            StageView of = views.get(view);
            batch.put(
                    new ViewKey(of.name(), of.lineage(), key),
                    new StoredState(state.version(), flush, state.base(), state.head()));
        }
    }
}
