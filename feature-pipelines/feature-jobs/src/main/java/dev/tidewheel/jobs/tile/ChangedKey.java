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
 * A key that has changed since the last flush. After its first change it is encoded and saved at once, while all that
 * this needs is in the processor's caches: until the flush, thousands of other keys would have pushed it out. A key that
 * changes again before the flush is hot: it stays decoded until then, so that it is decoded and encoded twice per flush,
 * however many changes it has. Not thread-safe.
 */
final class ChangedKey {
    private final String key;
    private final @Nullable Encoded[] encoded;
    private @Nullable KeyEntry open;

    private ChangedKey(String key, @Nullable Encoded[] encoded) {
        this.key = key;
        this.encoded = encoded;
    }

    /** Encodes and saves a key that is the current one. */
    static ChangedKey saved(String key, KeyEntry entry, int views, KeyedStage.States states) throws Exception {
        ChangedKey changed = new ChangedKey(key, new Encoded[views]);
        changed.save(entry, states);
        return changed;
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
            save(open, states);
            open = null;
        }
    }

    private void save(KeyEntry entry, KeyedStage.States states) throws Exception {
        for (int view = 0; view < encoded.length; view++) {
            Encoded now = entry.encode(view);
            states.save(view, now);
            Encoded before = encoded[view];
            encoded[view] = before == null ? now : now.since(before);
        }
    }

    /**
     * Adds the states to a batch.
     *
     * @return how many bytes of them are new
     */
    long addTo(Map<ViewKey, StoredState> batch, List<StageView> views, FlushId flush) {
        long bytes = 0;
        for (int view = 0; view < encoded.length; view++) {
            Encoded state = Objects.requireNonNull(encoded[view]);
            StageView of = views.get(view);
            batch.put(
                    new ViewKey(of.name(), of.lineage(), key),
                    new StoredState(state.version(), flush, state.base(), state.head()));
            bytes += state.newBytes();
        }
        return bytes;
    }
}
