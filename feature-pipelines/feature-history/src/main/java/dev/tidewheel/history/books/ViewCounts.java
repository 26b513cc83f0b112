package dev.tidewheel.history.books;

import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.KeyState;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many changes of a view had each disposition, summed over keys. Mutable, not thread-safe.
 */
public final class ViewCounts {
    private final Map<Disposition, Long> counts = new EnumMap<>(Disposition.class);
    private long routed;
    private long keys;

    /** Adds a key's state, as the store holds it. */
    public ViewCounts add(KeyState state) {
        for (Disposition disposition : Disposition.values()) {
            add(disposition, state.count(disposition));
        }
        routed += state.version().routed();
        keys++;
        return this;
    }

    /** Adds to one disposition. */
    ViewCounts add(Disposition disposition, long count) {
        counts.merge(disposition, count, Long::sum);
        return this;
    }

    public long count(Disposition disposition) {
        return counts.getOrDefault(disposition, 0L);
    }

    /** By the states' versions. */
    public long routed() {
        return routed;
    }

    /** How many states were added. */
    public long keys() {
        return keys;
    }

    /** The sum over all dispositions. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
