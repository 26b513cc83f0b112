package dev.tidewheel.store.redis;

import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.StoreListener;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The online store on Redis 6.2 or newer, one server or a cluster. Thread-safe: all callers share one connection, on
 * which their calls are pipelined. Stages complete on I/O threads, so callers must not block in them.
 *
 * <p><b>Writing.</b> Per batch one script call for every {@link RedisStoreConfig#batchKeys()} keys (in a cluster also one
 * per bucket), all under way together. It brings heads only; the few states whose base is new to the server are sent
 * again, whole, in a second call. Either way a script compares versions and writes head and base atomically. Nothing
 * is cached on this side, so a server that lost its data is served as well as any other.
 *
 * <p><b>Reading.</b> One multi-get of heads and bases. They always fit on a server that writes them atomically; should
 * they not (a replica between two commands), they are read once more.
 *
 * <p>The server must not evict keys ({@code maxmemory-policy noeviction}): an evicted head would be read as an absent
 * key.
 */
public final class RedisFeatureStore implements FeatureWriter, FeatureReader {
    private final RedisLink link;
    private final Patience patience;
    private final StateWriter writer;
    private final StateReader reader;
    private final StoreListener listener;

    /**
     * Connects.
     *
     * @throws StoreUnavailableException if nobody answers at the address
     * @throws dev.tidewheel.store.StoreRefusedException if the server does not let us in
     */
    public RedisFeatureStore(RedisStoreConfig config, StoreListener listener) {
        StoreKeys keys = new StoreKeys(config.project());
        this.link = RedisLink.open(config);
        this.patience = new Patience(config.deadline(), listener);
        this.writer = new StateWriter(link, keys, config);
        this.reader = new StateReader(link, keys, patience);
        this.listener = listener;
    }

    /** Connects, and tells nobody what it does. */
    public RedisFeatureStore(RedisStoreConfig config) {
        this(config, StoreListener.NONE);
    }

    @Override
    public CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch) {
        return acknowledged("writing " + batch.size() + " states", () -> writer.write(batch));
    }

    @Override
    public CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch) {
        return acknowledged("deleting " + batch.size() + " keys", () -> writer.delete(batch));
    }

    private CompletableFuture<Outcome> acknowledged(
            String what, Supplier<CompletableFuture<StateWriter.Written>> call) {
        long start = System.nanoTime();
        return patience.await(what, call).thenApply(written -> {
            listener.wrote(written.outcome(), written.bases(), System.nanoTime() - start);
            return written.outcome();
        });
    }

    @Override
    public CompletionStage<List<@Nullable StoredState>> read(List<ViewKey> keys) {
        long start = System.nanoTime();
        return patience.await("reading " + keys.size() + " keys", () -> reader.read(keys))
                .thenApply(states -> {
                    int found = (int) states.stream().filter(Objects::nonNull).count();
                    listener.read(states.size(), found, System.nanoTime() - start);
                    return states;
                });
    }

    /**
     * {@inheritDoc} Sorted. Keys that are written or deleted meanwhile may or may not be in it.
     *
     * @throws StoreUnavailableException if one page of the scan takes longer than the deadline
     */
    @Override
    public List<String> entities(String view, long lineage) {
        return reader.entities(view, lineage);
    }

    /**
     * Which server answers now. Compare it with the one of the last checkpoint, and again after each write that a
     * checkpoint relies on: a reconnection alone does not tell.
     */
    public CompletionStage<ServerIdentity> identity() {
        return patience.await(
                "asking for the server's identity",
                () -> info("server", "run_id")
                        .thenCombine(info("replication", "master_replid"), ServerIdentity::new)
                        .toCompletableFuture());
    }

    private CompletionStage<String> info(String section, String field) {
        Function<String, String> find = text -> text.lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("INFO " + section + " has no " + field));
        return link.info(section)
                .thenApply(texts ->
                        String.join(",", texts.stream().map(find).sorted().toList()));
    }

    @Override
    public void close() {
        link.close();
    }
}
