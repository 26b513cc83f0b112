package dev.tidewheel.modelserver.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Loads versions when they are first asked for and keeps the most recently used ones. Two that ask for the same version
 * at once wait for one loading. A refused version is tried again the next time it is asked for.
 *
 * <p>Safe for use by many threads; blocks while a version is being loaded, so never call it from an event loop.
 */
public final class ModelStore implements AutoCloseable {

    private final ModelFolder folder;
    private final int capacity;

    /** In the order of use, the longest unused first; holds one share of each. Guarded by this. */
    private final Map<ModelId, CompletableFuture<LoadedModel>> models = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;

    /**
     * An empty store.
     *
     * @param capacity versions kept in memory; with those just dropped but still in use it can for a moment be more
     */
    public ModelStore(ModelFolder folder, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
        }
        this.folder = folder;
        this.capacity = capacity;
    }

    /** A share of a loaded version, for the thread that took it; close it after use. */
    public static final class Lease implements AutoCloseable {
        private final LoadedModel model;

        private Lease(LoadedModel model) {
            this.model = model;
        }

        /** The model, usable until this lease is closed. */
        public LoadedModel model() {
            return model;
        }

        @Override
        public void close() {
            model.release();
        }
    }

    /**
     * A version, loaded if need be.
     *
     * @throws RefusedModelException if the artifact is damaged, is not the registered one, or cannot be loaded
     */
    public Lease lease(ModelId id) throws RefusedModelException, InterruptedException {
        while (true) {
            LoadedModel model = loaded(id);
            // Not when it was dropped for others just now: then it is loaded again.
            if (model.acquire()) {
                return new Lease(model);
            }
        }
    }

    /** Number of versions in memory or being loaded. */
    public synchronized int size() {
        return models.size();
    }

    /** Drops versions that are not in the registry any more; those in use when they are given back. */
    public void unloadRemoved() {
        List<ModelId> known;
        synchronized (this) {
            known = List.copyOf(models.keySet());
        }
        List<ModelId> removed = known.stream()
                .filter(id -> folder.find(id.model(), id.version()).isEmpty())
                .toList();
        synchronized (this) {
            for (ModelId id : removed) {
                CompletableFuture<LoadedModel> dropped = models.remove(id);
                if (dropped != null) {
                    drop(dropped);
                }
            }
        }
    }

    /** Closes all versions; those in use when they are given back. */
    @Override
    public synchronized void close() {
        closed = true;
        List<CompletableFuture<LoadedModel>> all = new ArrayList<>(models.values());
        models.clear();
        all.forEach(ModelStore::drop);
    }

    private LoadedModel loaded(ModelId id) throws RefusedModelException, InterruptedException {
        CompletableFuture<LoadedModel> mine = new CompletableFuture<>();
        CompletableFuture<LoadedModel> agreed = agree(id, mine);
        if (agreed == mine) {
            load(id, mine);
        }
        try {
            return agreed.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedModelException refused) {
                throw refused;
            }
            throw new IllegalStateException("loading model " + id + " failed", e.getCause());
        }
    }

    private void load(ModelId id, CompletableFuture<LoadedModel> mine) {
        try {
            mine.complete(LoadedModel.load(Artifact.read(id, folder.folder(id))));
        } catch (RefusedModelException | RuntimeException | Error e) {
            forget(id, mine);
            mine.completeExceptionally(e);
        }
    }

    private synchronized CompletableFuture<LoadedModel> agree(ModelId id, CompletableFuture<LoadedModel> mine) {
        if (closed) {
            throw new IllegalStateException("the model store is closed");
        }
        CompletableFuture<LoadedModel> agreed = models.computeIfAbsent(id, absent -> mine);
        Iterator<CompletableFuture<LoadedModel>> longestUnused = models.values().iterator();
        while (models.size() > capacity) {
            CompletableFuture<LoadedModel> dropped = longestUnused.next();
            longestUnused.remove();
            drop(dropped);
        }
        return agreed;
    }

    private synchronized void forget(ModelId id, CompletableFuture<LoadedModel> mine) {
        models.remove(id, mine);
    }

    /** Gives the store's share back, now or once it has been loaded. */
    private static void drop(CompletableFuture<LoadedModel> dropped) {
        dropped.thenAccept(LoadedModel::release).exceptionally(refused -> null);
    }
}
