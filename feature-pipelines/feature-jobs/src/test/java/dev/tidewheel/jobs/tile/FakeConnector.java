package dev.tidewheel.jobs.tile;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.InMemoryFeatureStore;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An outside world in memory that logs what it is asked, in order, and can be told to keep its answers back. Flink
 * serialises connectors, so the world itself stands in a table under a number.
 */
final class FakeConnector implements StageConnector {
    private static final long serialVersionUID = 1L;
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Map<Long, World> WORLDS = new ConcurrentHashMap<>();

    private final long number = NUMBERS.incrementAndGet();

    FakeConnector() {
        WORLDS.put(number, new World());
    }

    World world() {
        return WORLDS.get(number);
    }

    @Override
    public Connection open() {
        World world = world();
        if (world.absent > 0) {
            world.absent--;
            throw new StoreUnavailableException("not yet", null);
        }
        return world;
    }

    /** The store, the topic of frontiers and what happened to them. */
    static final class World implements Connection, FeatureWriter {
        final List<String> log = new ArrayList<>();
        final List<Frontier> frontiers = new ArrayList<>();
        final List<Map<ViewKey, StoredState>> batches = new ArrayList<>();
        InMemoryFeatureStore store = new InMemoryFeatureStore();
        volatile String identity = "first";
        /** How often {@link #open} finds no store. */
        volatile int absent;

        /** Answers to writes that are kept back; null: answer at once. */
        volatile CompletableFuture<Void> writesWait = CompletableFuture.completedFuture(null);
        /** Answers to frontiers that are kept back. */
        volatile CompletableFuture<Void> frontiersWait = CompletableFuture.completedFuture(null);

        @Override
        public FeatureWriter writer() {
            return this;
        }

        @Override
        public CompletionStage<String> storeIdentity() {
            return CompletableFuture.completedFuture(identity);
        }

        @Override
        public synchronized CompletionStage<Void> publish(Frontier frontier) {
            log.add(frontier.getPhase() + " " + frontier.getFlush());
            frontiers.add(frontier);
            return frontiersWait.copy();
        }

        @Override
        public synchronized CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch) {
            log.add("WRITE " + batch.size());
            batches.add(batch);
            return writesWait.copy().thenCompose(now -> store.write(batch));
        }

        @Override
        public CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch) {
            throw new UnsupportedOperationException();
        }

        synchronized List<String> takeLog() {
            List<String> taken = List.copyOf(log);
            log.clear();
            return taken;
        }

        synchronized Frontier lastFrontier() {
            return frontiers.get(frontiers.size() - 1);
        }

        @Override
        public void close() {}
    }
}
