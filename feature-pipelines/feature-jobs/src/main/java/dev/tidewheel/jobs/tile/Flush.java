package dev.tidewheel.jobs.tile;

import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.Collections;
import java.util.Map;

/**
 * Values on their way to the store, with the cut that they contain.
 *
 * @param id carried by every value
 * @param cut channel to next offset
 * @param batch may be empty: then there is a new cut and nothing to write
 * @param whole whether with it the store contains the cut; if not, others follow with the same cut
 * @param bytes what of the batch is new to the store: heads, and bases that were folded
 */
record Flush(FlushId id, Map<Integer, Long> cut, Map<ViewKey, StoredState> batch, boolean whole, long bytes) {
    Flush {
        cut = Map.copyOf(cut);
        // Not a copy: thousands of entries, many times a second, by whoever has just made them and keeps nothing.
        batch = Collections.unmodifiableMap(batch);
    }
}
