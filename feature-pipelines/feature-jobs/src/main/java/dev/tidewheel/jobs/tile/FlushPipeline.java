package dev.tidewheel.jobs.tile;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a flush through its three steps, each after the one before is confirmed: ANNOUNCED on the topic of frontiers,
 * values in the store, ACKNOWLEDGED. So whoever reads a value can look its cut up, and whoever sees a cut acknowledged
 * can read values that contain it. At most one flush is under way; the stream goes on meanwhile.
 *
 * <p>A flush that is not {@linkplain Flush#whole whole} is announced and written, never acknowledged. After every write
 * the store is asked which one it is: a batch that went to an empty successor proves nothing about the batches before it.
 *
 * <p>All methods belong to the subtask's thread. Completions arrive on other threads and are only passed on, through
 * {@code wake}, to {@link #settle()}.
 */
final class FlushPipeline {
    private static final long BETWEEN_TRIES_MILLIS = 100;

    /** Lets time pass. */
    interface Pause {
        /** Completes after so long, on any thread. */
        CompletableFuture<Void> of(long millis);
    }

    private record UnderWay(Flush flush, long startNanos, CompletableFuture<Outcome> written) {}

    private final StageConnector.Connection connection;
    private final FrontierFactory frontiers;
    private final Duration deadline;
    private final Runnable wake;
    private final Pause pause;
    private final StageMetrics metrics;
    private final String store;
    private @Nullable UnderWay underWay;
    /** When the flush under way began its present step; set on the threads that complete the one before. */
    private volatile long progressNanos = System.nanoTime();

    private CompletableFuture<Void> acknowledged = CompletableFuture.completedFuture(null);

    /**
     * @param deadline for each step of a flush: the announcement, each portion, the store's identity
     * @param store the identity of the store that all flushes must reach
     * @param wake called on any thread when {@link #settle()} has something to do
     * @param pause between two tries
     */
    FlushPipeline(
            StageConnector.Connection connection,
            FrontierFactory frontiers,
            Duration deadline,
            String store,
            Runnable wake,
            Pause pause,
            StageMetrics metrics) {
        this.connection = connection;
        this.frontiers = frontiers;
        this.deadline = deadline;
        this.store = store;
        this.wake = wake;
        this.pause = pause;
        this.metrics = metrics;
    }

    boolean idle() {
        return underWay == null;
    }

    /** Starts a flush; the pipeline must be idle. */
    void start(Flush flush) {
        if (underWay != null) {
            throw new IllegalStateException("flush " + underWay.flush().id() + " is still under way");
        }
        if (flush.portions().isEmpty()) {
            acknowledge(flush);
            return;
        }
        long start = System.nanoTime();
        progressNanos = start;
        reached(Step.BEFORE_ANNOUNCEMENT);
        CompletableFuture<Outcome> written = connection
                .publish(frontier(FrontierPhase.ANNOUNCED, flush))
                .toCompletableFuture()
                .thenCompose(announced -> {
                    reached(Step.AFTER_ANNOUNCEMENT);
                    return write(flush);
                });
        underWay = new UnderWay(flush, start, written);
        var unused = written.whenComplete((outcome, failure) -> wake.run());
    }

    /**
     * Writes, one portion after the other, and then makes sure where to: the store that answers at the end has been the same
     * all the time. Each portion has the deadline for itself: a long flush to a slow store goes on while it gets on.
     */
    private CompletableFuture<Outcome> write(Flush flush) {
        CompletableFuture<Outcome> written = CompletableFuture.completedFuture(new Outcome(0, 0));
        for (Map<ViewKey, StoredState> portion : flush.portions()) {
            written = written.thenCompose(
                    before -> patiently(() -> write(portion), untilNanos()).thenApply(before::plus));
        }
        return written.thenCompose(outcome ->
                patiently(connection::storeIdentity, untilNanos()).thenApply(now -> confirmed(outcome, now)));
    }

    /** The end of the patience with a step that begins now. */
    private long untilNanos() {
        long now = System.nanoTime();
        progressNanos = now;
        return now + deadline.toNanos();
    }

    private CompletionStage<Outcome> write(Map<ViewKey, StoredState> portion) {
        reached(Step.BEFORE_WRITE);
        return connection.writer().write(portion).thenApply(outcome -> {
            reached(Step.AFTER_WRITE);
            return outcome;
        });
    }

    private Outcome confirmed(Outcome outcome, String now) {
        if (!now.equals(store)) {
            throw new StoreReplacedException(store, now);
        }
        reached(Step.AFTER_CONFIRMATION);
        return outcome;
    }

    /** Repeats a call while the store is unavailable and there is time: sending the same states again is safe. */
    private <T> CompletableFuture<T> patiently(Supplier<CompletionStage<T>> call, long untilNanos) {
        return call.get()
                .toCompletableFuture()
                .exceptionallyCompose(failure -> again(call, untilNanos, unwrap(failure)));
    }

    private <T> CompletableFuture<T> again(Supplier<CompletionStage<T>> call, long untilNanos, Throwable failure) {
        if (!(failure instanceof StoreUnavailableException) || untilNanos - System.nanoTime() <= 0) {
            return CompletableFuture.failedFuture(failure);
        }
        metrics.storeRetried();
        return pause.of(BETWEEN_TRIES_MILLIS).thenCompose(now -> patiently(call, untilNanos));
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * Finishes the flush under way if it is through.
     *
     * @throws FlushFailedException if it failed: the job must restore
     * @throws StoreReplacedException if the values went to another store than those before
     */
    void settle() {
        UnderWay current = underWay;
        if (acknowledged.isCompletedExceptionally()) {
            await(acknowledged, "acknowledging a frontier");
        }
        if (current != null && current.written().isDone()) {
            finish(current);
        }
    }

    /** Waits until no flush is under way, as long as it gets on. */
    void awaitIdle() {
        UnderWay current = underWay;
        if (current != null) {
            finish(current);
        }
    }

    /** Waits until no flush is under way, as long as it gets on, and Kafka has every frontier. */
    void awaitConfirmed() {
        awaitIdle();
        await(acknowledged, "acknowledging a frontier");
    }

    private void finish(UnderWay through) {
        Outcome outcome = await(through.written(), "flush " + through.flush().id());
        underWay = null;
        metrics.flushed(through.flush(), outcome, System.nanoTime() - through.startNanos());
        if (through.flush().whole()) {
            acknowledge(through.flush());
        }
    }

    private void acknowledge(Flush flush) {
        reached(Step.BEFORE_ACKNOWLEDGEMENT);
        CompletableFuture<Void> sent = connection
                .publish(frontier(FrontierPhase.ACKNOWLEDGED, flush))
                .toCompletableFuture()
                .thenRun(() -> reached(Step.AFTER_ACKNOWLEDGEMENT));
        acknowledged = acknowledged.isDone() && !acknowledged.isCompletedExceptionally()
                ? sent
                : acknowledged.thenCombine(sent, (before, now) -> now);
        var unused = sent.whenComplete((done, failure) -> {
            if (failure != null) {
                wake.run();
            }
        });
    }

    private void reached(Step step) {
        connection.steps().reached(step);
    }

    private Frontier frontier(FrontierPhase phase, Flush flush) {
        return frontiers.frontier(phase, flush.id(), flush.cut(), flush.states());
    }

    private <T> T await(CompletableFuture<T> future, String what) {
        try {
            return getPatiently(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreReplacedException replaced) {
                throw replaced;
            }
            throw new FlushFailedException(what + " failed", Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw new FlushFailedException(what + " got no answer within " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlushFailedException(what + " was interrupted", e);
        }
    }

    /** A little more than the steps themselves have, so that their own errors are the ones to be seen. */
    private <T> T getPatiently(CompletableFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        long patience = 2 * deadline.toNanos() + TimeUnit.SECONDS.toNanos(1);
        long since = System.nanoTime();
        while (true) {
            try {
                return future.get(since + patience - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long progress = progressNanos;
                if (progress - since <= 0) {
                    throw e;
                }
                since = progress;
            }
        }
    }
}
