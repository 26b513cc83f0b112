package dev.tidewheel.jobs;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import dev.tidewheel.store.redis.ServerIdentity;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/** Reads keys again and again, and notices if a version decreases while the server is the same. */
final class VersionWatch implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final RedisFeatureStore store;
    private final List<ViewKey> keys;
    private final Map<ViewKey, Version> floor = new HashMap<>();
    private final Thread thread = new Thread(this::watch, "version watch");
    private ServerIdentity server;
    private volatile boolean stopped;
    private volatile String violation;
    private volatile long looks;

    VersionWatch(URI redis, String project, List<ViewKey> keys) {
        this.store = new RedisFeatureStore(new RedisStoreConfig(redis, project, Duration.ofSeconds(2)));
        this.keys = List.copyOf(keys);
        thread.setDaemon(true);
        thread.start();
    }

    /** What was seen that must not be, or null. */
    String violation() {
        return violation;
    }

    /** How often all keys were read. */
    long looks() {
        return looks;
    }

    private void watch() {
        while (!stopped) {
            try {
                look();
            } catch (CompletionException | StoreUnavailableException down) {
                // It is being killed and started again: that is what this is all about.
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Only what was read between two equal answers to who it is belongs to that server for certain. */
    private void look() {
        ServerIdentity before = store.identity().toCompletableFuture().join();
        List<StoredState> states = store.read(keys).toCompletableFuture().join();
        if (!before.equals(store.identity().toCompletableFuture().join())) {
            return;
        }
        if (!before.equals(server)) {
            server = before;
            floor.clear();
        }
        for (int i = 0; i < keys.size(); i++) {
            compare(keys.get(i), states.get(i));
        }
        looks++;
    }

    private void compare(ViewKey key, StoredState state) {
        Version known = floor.get(key);
        Version now = state == null ? null : state.version();
        if (known != null && (now == null || now.compareTo(known) < 0)) {
            violation = key + " went from " + known + " back to " + now;
        }
        if (now != null) {
            floor.put(key, now);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
        store.close();
    }
}
