package dev.tidewheel.store.redis;

import dev.tidewheel.store.StoreFormatException;
import dev.tidewheel.store.StoreListener;
import dev.tidewheel.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits for an answer, but not for ever: repeats a call that was refused for a passing reason, gives up at the deadline,
 * and says so in the terms of the store.
 */
final class Patience {
    private static final Executor PAUSE = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

    private final Duration deadline;
    private final StoreListener listener;

    Patience(Duration deadline, StoreListener listener) {
        this.deadline = deadline;
        this.listener = listener;
    }

    /**
     * One call with all its repetitions.
     *
     * @param what for the message of a failure
     * @param call starts one try; must bear repetition
     */
    <T> CompletableFuture<T> await(String what, Supplier<CompletableFuture<T>> call) {
        long giveUp = System.nanoTime() + deadline.toNanos();
        return attempt(call, giveUp)
                .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(inOurTerms(what, unwrap(failure))));
    }

    /** As {@link #await}, for callers that block: throws the exception itself, not a wrapper. */
    <T> T block(String what, Supplier<CompletableFuture<T>> call) {
        try {
            return await(what, call).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException ours ? ours : e;
        }
    }

    private <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> call, long giveUp) {
        return start(call).exceptionallyCompose(failure -> {
            Throwable cause = unwrap(failure);
            if (!Refusals.isPassing(cause) || System.nanoTime() - giveUp >= 0) {
                return CompletableFuture.failedFuture(cause);
            }
            listener.retried(cause);
            return CompletableFuture.runAsync(() -> {}, PAUSE).thenCompose(paused -> attempt(call, giveUp));
        });
    }

    /** Lettuce throws at once when its queue is full or the connection is closed. */
    @SuppressWarnings("IllegalCatch")
    private static <T> CompletableFuture<T> start(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private RuntimeException inOurTerms(String what, Throwable cause) {
        RuntimeException ours = translate(what, cause);
        listener.failed(ours);
        return ours;
    }

    private RuntimeException translate(String what, Throwable cause) {
        if (cause instanceof StoreFormatException format) {
            return format;
        }
        RuntimeException permanent = Refusals.permanent(what, cause);
        if (permanent != null) {
            return permanent;
        }
        if (isMistake(cause)) {
            return new IllegalStateException(what + " failed by a mistake in the program: " + cause, cause);
        }
        String why = cause instanceof TimeoutException
                ? "no answer within " + deadline.toMillis() + " ms"
                : String.valueOf(cause.getMessage());
        return new StoreUnavailableException(what + ": " + why, cause);
    }

    /** What no server and no network causes. */
    private static boolean isMistake(Throwable cause) {
        return cause instanceof NullPointerException
                || cause instanceof IndexOutOfBoundsException
                || cause instanceof ClassCastException
                || cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException;
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
