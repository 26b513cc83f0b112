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
     * Deletes. Where a view's key has more columns than the entity, all its keys are looked at.
     *
     * @return how many keys there were
     */
    public int delete(SortedMap<String, String> entity, List<Keyed> lineages) throws InterruptedException {
        int deleted = 0;
        for (Keyed lineage : lineages) {
            List<ViewKey> keys = keys(entity, lineage);
            List<StoredState> states = await(reader.read(keys));
            Map<ViewKey, StoredState> doomed = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                if (states.get(i) != null) {
                    doomed.put(keys.get(i), StoredState.erased());
                }
            }
            if (!doomed.isEmpty()) {
                deleted += await(writer.delete(doomed)).accepted();
            }
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
