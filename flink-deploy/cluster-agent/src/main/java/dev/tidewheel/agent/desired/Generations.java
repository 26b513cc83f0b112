package dev.tidewheel.agent.desired;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest generation of every slot. A record that came late, or again, changes nothing: an old create must not bring
 * back what a newer record has cancelled. Safe for use by many threads.
 */
public final class Generations {
    private final Map<String, Wanted> newest = new TreeMap<>();

    /** What a record did. */
    public enum Taken {
        /** The slot is now as it says. */
        NEW,
        /** The slot was so already. */
        SAME,
        /** Something newer, or something else of the same generation, stands there: refused. */
        STALE
    }

    /** Takes a record, in whatever order it comes. */
    public synchronized Taken take(Wanted wanted) {
        Wanted held = newest.get(wanted.key());
        if (held == null || wanted.generation() > held.generation()) {
            newest.put(wanted.key(), wanted);
            return Taken.NEW;
        }
        return wanted.equals(held) ? Taken.SAME : Taken.STALE;
    }

    /** All slots, by key. */
    public synchronized List<Wanted> all() {
        return Collections.unmodifiableList(new ArrayList<>(newest.values()));
    }

    /** One slot. */
    public synchronized Optional<Wanted> find(String key) {
        return Optional.ofNullable(newest.get(key));
    }
}
