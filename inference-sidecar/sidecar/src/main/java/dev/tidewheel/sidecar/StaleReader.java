package dev.tidewheel.sidecar;

import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The injected fault {@code stale}: serves a key's state again for a while although the store may know better. The old cut
 * travels with the old state, so parity must call such values untimely, and must not call them wrong.
 */
final class StaleReader implements FeatureReader {
    private record Kept(StoredState state, long untilNanos) {}

    private final FeatureReader store;
    private final long keepNanos;
    private final LongSupplier nanoTime;
    private final Map<ViewKey, Kept> kept = new ConcurrentHashMap<>();

    StaleReader(FeatureReader store, Duration keep, LongSupplier nanoTime) {
        this.store = store;
        this.keepNanos = keep.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletionStage<List<@Nullable StoredState>> read(List<ViewKey> keys) {
        long now = nanoTime.getAsLong();
        List<ViewKey> missing = keys.stream().filter(key -> !isKept(key, now)).toList();
        CompletionStage<List<@Nullable StoredState>> fresh =
                missing.isEmpty() ? CompletableFuture.completedFuture(List.of()) : store.read(missing);
        return fresh.thenApply(states -> {
            for (int i = 0; i < missing.size(); i++) {
                keep(missing.get(i), states.get(i), now);
            }
            return all(keys);
        });
    }

    /** An absent key is never kept: it carries no cut that could tell how old the answer is. */
    private void keep(ViewKey key, @Nullable StoredState state, long now) {
        if (state == null) {
            kept.remove(key);
        } else {
            kept.put(key, new Kept(state, now + keepNanos));
        }
    }

    private boolean isKept(ViewKey key, long now) {
        Kept entry = kept.get(key);
        return entry != null && entry.untilNanos() > now;
    }

    private List<@Nullable StoredState> all(List<ViewKey> keys) {
        List<@Nullable StoredState> states = new ArrayList<>(keys.size());
        for (ViewKey key : keys) {
            Kept entry = kept.get(key);
            states.add(entry == null ? null : entry.state());
        }
        return states;
    }

    @Override
    public List<String> entities(String view, long lineage) {
        return store.entities(view, lineage);
    }

    @Override
    public void close() {
        store.close();
    }
}
