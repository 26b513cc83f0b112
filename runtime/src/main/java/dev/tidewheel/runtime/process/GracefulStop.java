package dev.tidewheel.runtime.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what a process has opened, in reverse order, once: when it is told to stop (SIGTERM, Ctrl-C) or when it stops by
 * itself. What takes longer than the deadline is left behind, so that a process always ends.
 *
 * <pre>{@code
 * GracefulStop stop = GracefulStop.onSignal("sidecar", Duration.ofSeconds(10));
 * Producer<…> producer = stop.closing("producer", …);
 * HttpServer server = stop.closing("http", …);   // closed first
 * stop.awaitStop();
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class GracefulStop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

    private record Step(String name, AutoCloseable resource) {}

    private final String process;
    private final Duration deadline;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean begun;

    private GracefulStop(String process, Duration deadline) {
        this.process = process;
        this.deadline = deadline;
    }

    /** For a {@code main}: also stops when the JVM is told to end. */
    public static GracefulStop onSignal(String process, Duration deadline) {
        GracefulStop stop = new GracefulStop(process, deadline);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::close, "stop-" + process));
        return stop;
    }

    /** For parts of a process and tests: stops only when closed. */
    public static GracefulStop manual(String process, Duration deadline) {
        return new GracefulStop(process, deadline);
    }

    /**
     * Has a resource closed at the stop, before all that were given earlier.
     *
     * @return the resource
     * @throws IllegalStateException if the stop has begun; the resource has then been closed
     */
    public synchronized <T extends AutoCloseable> T closing(String name, T resource) {
        if (begun) {
            close(new Step(name, resource));
            throw new IllegalStateException(process + " is stopping, " + name + " comes too late");
        }
        steps.push(new Step(name, resource));
        return resource;
    }

    /** Waits until somebody stops the process. */
    public void awaitStop() throws InterruptedException {
        stopping.await();
    }

    /** Closes everything, or waits until another thread has. Returns at the deadline at the latest. */
    @Override
    public void close() {
        if (begin()) {
            Thread closer = new Thread(this::closeAll, "closing-" + process);
            closer.setDaemon(true);
            closer.start();
        }
        try {
            if (!stopped.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} did not close all within {} ms and ends anyway", process, deadline.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean begin() {
        boolean first = !begun;
        begun = true;
        stopping.countDown();
        return first;
    }

    private void closeAll() {
        LOG.info("{} stops", process);
        steps.forEach(GracefulStop::close);
        stopped.countDown();
    }

    private static void close(Step step) {
        try {
            step.resource().close();
        } catch (Exception e) {
            LOG.warn("closing {} failed", step.name(), e);
        }
    }
}
