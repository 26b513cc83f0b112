package dev.tidewheel.modelserver.http;

import dev.tidewheel.modelserver.protocol.ProtocolException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of threads behind a bounded queue: work beyond it is refused at once, so that waiting has an end and
 * memory a bound. Safe for use by many threads.
 */
final class Workers implements AutoCloseable {

    private final ThreadPoolExecutor threads;

    Workers(int workers, int queue) {
        AtomicInteger count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, "model-worker-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    void submit(Runnable work) throws ProtocolException {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            throw ProtocolException.unavailable(
                    threads.isShutdown()
                            ? "the server is stopping; ask another one"
                            : "the server is busy: " + threads.getQueue().size()
                                    + " requests are waiting; send fewer at once, or ask again later");
        }
    }

    int queued() {
        return threads.getQueue().size();
    }

    boolean full() {
        return threads.getQueue().remainingCapacity() == 0;
    }

    /** Refuses new work and lets what was accepted finish, until the deadline. */
    void close(Duration deadline) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }
}
