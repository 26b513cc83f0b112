package dev.tidewheel.jobs.tile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that have changed since the last flush, and which of them are open. Counts changes in rounds: at the end of
 * each, nothing stays open. Not thread-safe.
 */
final class ChangedKeys {

    /** Changes the states of a key; tells what became of it. */
    interface Change<T> {
        T apply(KeyEntry entry);
    }

    private final KeyedStage.States states;
    private final int views;
    private final FlushLimits limits;
    /** In the order of their first changes, in which they lie in memory as well. */
    private Map<String, ChangedKey> keys = new LinkedHashMap<>();

    private final List<ChangedKey> open = new ArrayList<>();
    private long round;
    private int changesOfRound;
    /** Of their states as they were last saved, bases included: all of them are kept until they are confirmed. */
    private long bytes;

    /** @param views how many the stage has */
    ChangedKeys(KeyedStage.States states, int views, FlushLimits limits) {
        this.states = states;
        this.views = views;
        this.limits = limits;
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    int size() {
        return keys.size();
    }

    /** See {@link ChangedKey#bytes()}. */
    long bytes() {
        return bytes;
    }

    /** Whether they are so many, or their states so large, that they must be flushed. */
    boolean isFull() {
        return keys.size() >= limits.heldKeys() || bytes >= limits.heldBytes();
    }

    /** Changes a key, which is the current one. */
    <T> T change(String key, Change<T> change) throws Exception {
        changesOfRound++;
        ChangedKey known = keys.get(key);
        if (known == null) {
            KeyEntry entry = states.load(key);
            T result = change.apply(entry);
            add(key, entry);
            return result;
        }
        if (known.isOf(round)) {
            if (!known.isOpen()) {
                open.add(known);
            }
            return change.apply(known.open(states));
        }
        KeyEntry entry = states.load(key);
        T result = change.apply(entry);
        bytes -= known.bytes();
        known.save(entry, round, states);
        bytes += known.bytes();
        return result;
    }

    /** Adds a key as it is, which is the current one. */
    void add(String key) throws Exception {
        add(key, states.load(key));
    }

    private void add(String key, KeyEntry entry) throws Exception {
        ChangedKey changed = ChangedKey.saved(key, entry, views, round, states);
        keys.put(key, changed);
        bytes += changed.bytes();
    }

    /** Ends the round if it had its changes. Another key may be the current one then. */
    void endRoundIfFull() throws Exception {
        if (changesOfRound >= limits.round()) {
            endRound();
        }
    }

    private void endRound() throws Exception {
        for (ChangedKey hot : open) {
            bytes -= hot.bytes();
            hot.close(states);
            bytes += hot.bytes();
        }
        open.clear();
        round++;
        changesOfRound = 0;
    }

    /** Saves and hands over all; none is left. Another key may be the current one then. */
    Collection<ChangedKey> take() throws Exception {
        endRound();
        Map<String, ChangedKey> taken = keys;
        keys = new LinkedHashMap<>(2 * taken.size());
        bytes = 0;
        return taken.values();
    }
}
