package dev.tidewheel.workbench.erase;

import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.erase.ErasureScope.Keyed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Deletes what the online store has of an entity, and leaves tombstones that no version is greater than: not even an
 * attempt of a job that nobody knows of any more can bring a value back, as long as they live. For one thread.
 */
public final class StoreErasure {
    private final FeatureReader reader;
    private final FeatureWriter writer;
    private final Duration deadline;

    /** @param deadline for one lineage */
    public StoreErasure(FeatureReader reader, FeatureWriter writer, Duration deadline) {
        this.reader = reader;
        this.writer = writer;
        this.deadline = deadline;
    }

    /**
     * What was done.
     *
     * @param keys that there were
     * @param tombstones that stand now; also for keys that were not there, as far as the entity alone makes their names
     */
    public record Deleted(int keys, int tombstones) {
        Deleted plus(Deleted that) {
            return new Deleted(keys + that.keys, tombstones + that.tombstones);
        }
    }

    /** Deletes. Where a view's key has more columns than the entity, all its keys are looked at. */
    public Deleted delete(SortedMap<String, String> entity, List<Keyed> lineages) throws InterruptedException {
        Deleted deleted = new Deleted(0, 0);
        for (Keyed lineage : lineages) {
            List<ViewKey> keys = keys(entity, lineage);
            List<StoredState> states = await(reader.read(keys));
            Map<ViewKey, StoredState> doomed = new LinkedHashMap<>();
            // Also where nothing is: a late attempt might be about to write it.
            keys.forEach(key -> doomed.put(key, StoredState.erased()));
            int there = (int) states.stream().filter(Objects::nonNull).count();
            if (!doomed.isEmpty()) {
                var unused = await(writer.delete(doomed));
            }
            deleted = deleted.plus(new Deleted(there, doomed.size()));
        }
        return deleted;
    }

    private List<ViewKey> keys(SortedMap<String, String> entity, Keyed lineage) {
        if (new HashSet<>(lineage.entity()).equals(entity.keySet())) {
            String key =
                    EntityKeys.join(lineage.entity().stream().map(entity::get).toList());
            return List.of(new ViewKey(lineage.view(), lineage.lineage(), key));
        }
        List<ViewKey> keys = new ArrayList<>();
        for (String key : reader.entities(lineage.view(), lineage.lineage())) {
            List<String> values = EntityKeys.split(key);
            if (entity.entrySet().stream()
                    .allMatch(column ->
                            column.getValue().equals(values.get(lineage.entity().indexOf(column.getKey()))))) {
                keys.add(new ViewKey(lineage.view(), lineage.lineage(), key));
            }
        }
        return keys;
    }

    private <T> T await(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new WorkbenchException("the store refused to delete: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new WorkbenchException("the store did not answer within " + deadline + "; erase again", e);
        }
    }
}
