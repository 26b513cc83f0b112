package dev.tidewheel.store.simulation;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.InMemoryFeatureStore;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules without a server. */
class InMemorySimulatedStore implements SimulatedStore {
    private InMemoryFeatureStore primary = new InMemoryFeatureStore();
    private InMemoryFeatureStore replica = new InMemoryFeatureStore();

    @Override
    public Outcome write(Map<ViewKey, StoredState> batch) {
        return primary.write(batch).toCompletableFuture().join();
    }

    @Override
    public Outcome delete(Map<ViewKey, StoredState> batch) {
        return primary.delete(batch).toCompletableFuture().join();
    }

    @Override
    public @Nullable StoredState read(ViewKey key) {
        return primary.read(List.of(key)).toCompletableFuture().join().get(0);
    }

    @Override
    public @Nullable Version version(ViewKey key) {
        return primary.version(key);
    }

    @Override
    public void replicate() {
        replica = primary.copy();
    }

    @Override
    public void failOver() {
        primary = replica.copy();
    }

    @Override
    public void lose() {
        primary = new InMemoryFeatureStore();
        replica = new InMemoryFeatureStore();
    }
}
