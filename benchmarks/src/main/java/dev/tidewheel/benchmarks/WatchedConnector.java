package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.tile.StageConnector;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A connector that tells {@link Confirmed} what passes through it.
 *
 * @param run names the {@link Confirmed}
 * @param behind the real one
 */
record WatchedConnector(String run, StageConnector behind) implements StageConnector {
    private static final long serialVersionUID = 1L;

    @Override
    public Connection open() {
        return new Watched(Confirmed.of(run), behind.open());
    }

    private record Watched(Confirmed confirmed, Connection behind) implements Connection {
        @Override
        public FeatureWriter writer() {
            return new WatchedWriter(confirmed, behind.writer());
        }

        @Override
        public CompletionStage<String> storeIdentity() {
            return behind.storeIdentity();
        }

        @Override
        public CompletionStage<Void> publish(Frontier frontier) {
            confirmed.published(frontier);
            return behind.publish(frontier);
        }

        @Override
        public void close() {
            behind.close();
        }
    }

    private record WatchedWriter(Confirmed confirmed, FeatureWriter behind) implements FeatureWriter {
        @Override
        public CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch) {
            if (confirmed.takesFailure()) {
                return CompletableFuture.failedFuture(new IllegalStateException("a failure on purpose"));
            }
            FlushId flush = batch.values().iterator().next().flush();
            long bytes = batch.values().stream()
                    .mapToLong(state -> state.head().length)
                    .sum();
            return behind.write(batch).thenApply(outcome -> {
                confirmed.written(flush, batch.size(), bytes, System.nanoTime());
                return outcome;
            });
        }

        @Override
        public CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch) {
            return behind.delete(batch);
        }

        @Override
        public void close() {
            behind.close();
        }
    }
}
