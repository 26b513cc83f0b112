package dev.tidewheel.store;

import dev.tidewheel.feature.view.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The store's rules in a few lines, without a server: a fake for tests of others, and the model that the real store is
 * compared with. Answers at once. Thread-safe.
 */
public final class InMemoryFeatureStore implements FeatureWriter, FeatureReader {
    private Map<String, Entry> entries = new TreeMap<>();

    /** What a key holds: a state, or the trace of a deleted one. */
    private record Entry(ViewKey key, boolean tombstone, StoredState state) {}

    /** A copy of everything, as a replica has it. */
    public synchronized InMemoryFeatureStore copy() {
        InMemoryFeatureStore copy = new InMemoryFeatureStore();
        copy.entries = new TreeMap<>(entries);
        return copy;
    }

    /** The version that a key holds, also of a tombstone; null if the store knows nothing about the key. */
    public synchronized @Nullable Version version(ViewKey key) {
        Entry entry = entries.get(name(key));
        return entry == null ? null : entry.state().version();
    }

    @Override
    public synchronized CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch) {
        return put(batch, false);
    }

    @Override
    public synchronized CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch) {
        return put(batch, true);
    }

    private CompletionStage<Outcome> put(Map<ViewKey, StoredState> batch, boolean tombstone) {
        Outcome outcome = new Outcome(0, 0);
        for (Map.Entry<ViewKey, StoredState> item : batch.entrySet()) {
            Entry offered = new Entry(item.getKey(), tombstone, item.getValue());
            boolean accepted = accepts(entries.get(name(item.getKey())), offered);
            if (accepted) {
                entries.put(name(item.getKey()), offered);
            }
            outcome = outcome.plus(accepted ? new Outcome(1, 0) : new Outcome(0, 1));
        }
        return CompletableFuture.completedFuture(outcome);
    }

    private static boolean accepts(@Nullable Entry stored, Entry offered) {
        if (stored == null) {
            return true;
        }
        int order = offered.state().version().compareTo(stored.state().version());
        return stored.tombstone() && !offered.tombstone() ? order > 0 : order >= 0;
    }

    @Override
    public synchronized CompletionStage<List<@Nullable StoredState>> read(List<ViewKey> keys) {
        List<@Nullable StoredState> states = new ArrayList<>(keys.size());
        for (ViewKey key : keys) {
            Entry entry = entries.get(name(key));
            states.add(entry == null || entry.tombstone() ? null : entry.state());
        }
        return CompletableFuture.completedFuture(Collections.unmodifiableList(states));
    }

    @Override
    public synchronized List<String> entities(String view, long lineage) {
        return entries.values().stream()
                .filter(entry -> !entry.tombstone())
                .map(Entry::key)
                .filter(key -> key.view().equals(view) && key.lineage() == lineage)
                .map(ViewKey::entity)
                .sorted()
                .toList();
    }

    private static String name(ViewKey key) {
        return key.view() + ":" + key.lineage() + ":" + key.entity();
    }

    @Override
    public void close() {}
}
