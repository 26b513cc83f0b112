package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.InMemoryFeatureStore;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server and its replica, by the rules that FeatureStoreContract holds Redis to; its misfortunes are verbs. */
final class ModelStore {
    private final ModelMistake mistake;
    private InMemoryFeatureStore primary = new InMemoryFeatureStore();
    private InMemoryFeatureStore replica = new InMemoryFeatureStore();
    private int identity = 1;

    ModelStore(ModelMistake mistake) {
        this.mistake = mistake;
    }

    String identity() {
        return "store " + identity;
    }

    void replicate() {
        replica = primary.copy();
    }

    void failOver() {
        primary = replica.copy();
        identity++;
    }

    void lose() {
        primary = new InMemoryFeatureStore();
        replica = new InMemoryFeatureStore();
        identity++;
    }

    Outcome write(Map<ViewKey, StoredState> batch) {
        Map<ViewKey, StoredState> offered = new HashMap<>();
        batch.forEach((key, state) -> offer(offered, key, state));
        return primary.write(offered).toCompletableFuture().join();
    }

    private void offer(Map<ViewKey, StoredState> offered, ViewKey key, StoredState state) {
        Version stored = primary.version(key);
        switch (mistake) {
            case REFUSES_EQUAL_VERSIONS -> {
                if (!state.version().equals(stored)) {
                    offered.put(key, state);
                }
            }
            case IGNORES_VERSIONS -> {
                forget(key);
                offered.put(key, state);
            }
            case FORGETS_TOMBSTONES -> {
                if (stored != null && read(key) == null) {
                    forget(key);
                }
                offered.put(key, state);
            }
            case KEEPS_STORED_BASES -> {
                StoredState before = read(key);
                byte[] base = before == null || before.base().length == 0 ? state.base() : before.base();
                offered.put(key, new StoredState(state.version(), state.flush(), base, state.head()));
            }
            default -> offered.put(key, state);
        }
    }

    private void forget(ViewKey key) {
        InMemoryFeatureStore without = new InMemoryFeatureStore();
        for (StageView view : ModelLog.VIEWS) {
            for (String entity : ModelLog.KEYS) {
                ViewKey each = new ViewKey(view.name(), view.lineage(), entity);
                StoredState state = each.equals(key) ? null : read(each);
                if (state != null) {
                    without.write(Map.of(each, state)).toCompletableFuture().join();
                }
            }
        }
        primary = without;
    }

    void erase(ViewKey key) {
        primary.delete(Map.of(key, StoredState.erased())).toCompletableFuture().join();
    }

    @Nullable
    StoredState read(ViewKey key) {
        return primary.read(List.of(key)).toCompletableFuture().join().get(0);
    }

    @Nullable
    Version version(ViewKey key) {
        return primary.version(key);
    }
}
