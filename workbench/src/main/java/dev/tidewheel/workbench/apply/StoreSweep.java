package dev.tidewheel.workbench.apply;

import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * Deletes all values of a lineage that nobody computes any more, batch by batch, no faster than allowed. Each key is
 * deleted under the version that it has, so that a late write of a forgotten attempt cannot be undone half-way, and
 * leaves a tombstone for as long as the store's configuration says. May be broken off and begun again. For one thread.
 */
public final class StoreSweep {
    private static final int BATCH = 500;

    private final FeatureReader reader;
    private final FeatureWriter writer;
    private final long keysPerSecond;
    private final Duration deadline;

    /**
     * @param keysPerSecond at most so many
     * @param deadline for one batch
     */
    public StoreSweep(FeatureReader reader, FeatureWriter writer, long keysPerSecond, Duration deadline) {
        if (keysPerSecond < 1) {
            throw new IllegalArgumentException("at least one key per second, got " + keysPerSecond);
        }
        this.reader = reader;
        this.writer = writer;
        this.keysPerSecond = keysPerSecond;
        this.deadline = deadline;
    }

    /**
     * Deletes.
     *
     * @param progress is told after each batch how many keys have been deleted
     * @return how many keys there were
     */
    public long delete(String view, long lineage, LongConsumer progress) throws InterruptedException {
        List<String> entities = reader.entities(view, lineage);
        long begin = System.nanoTime();
        long deleted = 0;
        for (int from = 0; from < entities.size(); from += BATCH) {
            List<ViewKey> keys = entities.subList(from, Math.min(from + BATCH, entities.size())).stream()
                    .map(entity -> new ViewKey(view, lineage, entity))
                    .toList();
            deleted += delete(keys);
            progress.accept(deleted);
            pace(begin, deleted);
        }
        return deleted;
    }

    private long delete(List<ViewKey> keys) throws InterruptedException {
        List<StoredState> states = await(reader.read(keys));
        Map<ViewKey, StoredState> doomed = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            StoredState state = states.get(i);
            if (state != null) {
                doomed.put(keys.get(i), StoredState.deleted(state.version(), state.flush()));
            }
        }
        if (!doomed.isEmpty()) {
            FeatureWriter.Outcome outcome = await(writer.delete(doomed));
            if (outcome.superseded() > 0) {
                throw new WorkbenchException(
                        outcome.superseded() + " keys of " + keys.get(0).view() + "@"
                                + keys.get(0).lineage()
                                + " were written meanwhile: a job still computes it; stop that one, then retire again");
            }
        }
        return doomed.size();
    }

    private void pace(long begin, long deleted) throws InterruptedException {
        long due = begin + TimeUnit.SECONDS.toNanos(deleted) / keysPerSecond;
        long early = due - System.nanoTime();
        if (early > 0) {
            TimeUnit.NANOSECONDS.sleep(early);
        }
    }

    private <T> T await(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new WorkbenchException("the store refused a batch: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new WorkbenchException("the store did not answer within " + deadline + "; retire again later", e);
        }
    }
}
