package dev.tidewheel.sidecar;

import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.StoreRefusedException;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that may not be there yet: a sidecar that starts while the store is down waits for it, not ready, and does not
 * fall over. Connects in a thread of its own; until then every read fails at once. Thread-safe.
 */
final class LateStore implements FeatureReader {
    private static final Logger LOG = LoggerFactory.getLogger(LateStore.class);
    private static final long PAUSE_MILLIS = 500;

    private final Supplier<FeatureReader> opener;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable FeatureReader store;
    private volatile String reason = "the store is not connected yet";

    @SuppressWarnings("this-escape") // The thread starts last.
    LateStore(Supplier<FeatureReader> opener) {
        this.opener = opener;
        thread = new Thread(this::connect, "connect-store");
        thread.setDaemon(true);
        thread.start();
    }

    /** For readiness: up from the first connection on. Later losses show in the answers, not here. */
    Health health() {
        return store == null ? Health.down(reason) : Health.up("connected");
    }

    @Override
    public CompletionStage<List<@Nullable StoredState>> read(List<ViewKey> keys) {
        FeatureReader connected = store;
        return connected == null
                ? CompletableFuture.failedFuture(new StoreUnavailableException(reason, null))
                : connected.read(keys);
    }

    @Override
    public List<String> entities(String view, long lineage) {
        FeatureReader connected = store;
        if (connected == null) {
            throw new StoreUnavailableException(reason, null);
        }
        return connected.entities(view, lineage);
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        FeatureReader connected = store;
        if (connected != null) {
            connected.close();
        }
    }

    private void connect() {
        try {
            while (!tryOnce() && !closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("trying again to reach the store");
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped before the store was reached");
        }
    }

    private boolean tryOnce() {
        try {
            store = opener.get();
            return true;
        } catch (StoreUnavailableException | StoreRefusedException e) {
            if (!reason.equals(e.getMessage())) {
                LOG.warn("waiting for the store: {}", e.getMessage());
            }
            reason = String.valueOf(e.getMessage());
            return false;
        }
    }
}
