package dev.tidewheel.jobs.tile;

import dev.tidewheel.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether the store is still the one that was written to. Asks from time to time, without waiting; an answer that
 * differs fails the job. A store that does not answer is not another store: the flushes will tell.
 *
 * <p>Belongs to the subtask's thread; {@code wake} may be called on any.
 */
final class StoreGuard {
    /** How long a replaced store can go unnoticed, plus one round trip. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final StageConnector.Connection connection;
    private final Runnable wake;
    private final String identity;
    private @Nullable CompletableFuture<String> asked;

    private StoreGuard(StageConnector.Connection connection, Runnable wake, String identity) {
        this.connection = connection;
        this.wake = wake;
        this.identity = identity;
    }

    /**
     * Has the store name itself.
     *
     * @throws StoreUnavailableException if it does not answer now
     */
    static StoreGuard watch(StageConnector.Connection connection, Runnable wake, Duration deadline)
            throws InterruptedException {
        try {
            String identity =
                    connection.storeIdentity().toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new StoreGuard(connection, wake, identity);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new FlushFailedException("the store does not name itself", e);
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("the store did not name itself within " + deadline, e);
        }
    }

    /** The store that this attempt writes to. */
    String identity() {
        return identity;
    }

    /** Asks, unless a question is still open. */
    void ask() {
        if (asked == null) {
            asked = connection.storeIdentity().toCompletableFuture();
            var unused = asked.whenComplete((answer, failure) -> wake.run());
        }
    }

    /** @throws StoreReplacedException if another store has answered */
    void check() {
        if (asked == null || !asked.isDone()) {
            return;
        }
        CompletableFuture<String> answered = asked;
        asked = null;
        if (answered.isCompletedExceptionally()) {
            return;
        }
        String now = answered.join();
        if (!now.equals(identity)) {
            throw new StoreReplacedException(identity, now);
        }
    }
}
