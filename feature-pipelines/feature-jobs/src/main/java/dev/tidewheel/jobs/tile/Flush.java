package dev.tidewheel.jobs.tile;

import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Values on their way to the store, with the cut that they contain.
 *
 * @param id carried by every value
 * @param cut channel to next offset
 * @param portions the states, as they are sent one after the other; none if there is a new cut and nothing to write
 * @param whole whether with it the store contains the cut; if not, others follow with the same cut
 * @param bytes what of them is new to the store: heads, and bases that were folded
 */
record Flush(FlushId id, Map<Integer, Long> cut, List<Map<ViewKey, StoredState>> portions, boolean whole, long bytes) {
    Flush {
        cut = Map.copyOf(cut);
        // Not copies: thousands of entries, many times a second, by whoever has just made them and keeps nothing.
        portions = portions.stream().map(Collections::unmodifiableMap).toList();
    }

    /** How many there are. */
    int states() {
        return portions.stream().mapToInt(Map::size).sum();
    }
}
