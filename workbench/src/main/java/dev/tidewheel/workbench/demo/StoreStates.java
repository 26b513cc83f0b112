package dev.tidewheel.workbench.demo;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.books.StoreCheck;
import dev.tidewheel.history.books.ViewCounts;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The states of one view in the online store. Reads key by key: for checks, not for serving. */
public final class StoreStates implements StoreCheck.States {
    private final FeatureReader reader;
    private final ViewPlan plan;
    private final long lineage;

    /**
     * @param lineage of the view, from the registry
     */
    public StoreStates(FeatureReader reader, ViewPlan plan, long lineage) {
        this.reader = reader;
        this.plan = plan;
        this.lineage = lineage;
    }

    @Override
    public List<String> entities() {
        return reader.entities(plan.spec().name(), lineage);
    }

    @Override
    public Optional<KeyState> state(String entity) {
        ViewKey key = new ViewKey(plan.spec().name(), lineage, entity);
        @Nullable
        StoredState stored =
                reader.read(List.of(key)).toCompletableFuture().join().get(0);
        return Optional.ofNullable(stored).map(state -> KeyState.decode(plan, state.base(), state.head()));
    }

    /** How many changes had each disposition, over all keys. */
    ViewCounts counts() {
        ViewCounts counts = new ViewCounts();
        entities().forEach(entity -> state(entity).ifPresent(counts::add));
        return counts;
    }

    /**
     * The sum over all keys of a feature that counts.
     *
     * @param feature the feature's slot
     * @param t after everything became visible
     */
    long sum(int feature, long t) {
        long sum = 0;
        for (String entity : entities()) {
            Optional<Row> row = state(entity).map(state -> state.read(t)).map(FeatureValues::row);
            sum += row.map(values -> values.getLong(feature)).orElse(0L);
        }
        return sum;
    }
}
