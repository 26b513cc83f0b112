package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.tile.StageConnector.Connection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is opened on a thread of its own, while Flink reads the subtask's state back: a restart takes as long as
 * the longer of the two, not as both. Waits for a store that is not there, see {@link StoreWait}.
 *
 * <p>All methods belong to the subtask's thread. Whoever begins it closes it, and with it the connection, which must outlive
 * no attempt: one that comes after the end is closed at once.
 */
final class Opening implements AutoCloseable {
    private final FutureTask<Connection> task;
    private final Thread thread;
    private boolean closed;
    private @Nullable Connection connection;

    private Opening(String stage, StageConnector connector) {
        task = new FutureTask<>(() -> keep(StoreWait.until(stage, connector::open)));
        thread = new Thread(task, "connect " + stage);
        thread.setDaemon(true);
    }

    /** @param stage for the log */
    static Opening begin(String stage, StageConnector connector) {
        Opening opening = new Opening(stage, connector);
        opening.thread.start();
        return opening;
    }

    private Connection keep(Connection opened) {
        synchronized (this) {
            if (!closed) {
                connection = opened;
                return opened;
            }
        }
        opened.close();
        throw new CancellationException("nobody needs the connection any more");
    }

    /**
     * Waits for it.
     *
     * @throws Exception what the connector threw, other than that there is no store now
     * @throws InterruptedException if the task is cancelled
     */
    Connection await() throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Closes the connection, now or when it comes. */
    @Override
    public void close() {
        Connection opened;
        synchronized (this) {
            closed = true;
            opened = connection;
            connection = null;
        }
        thread.interrupt();
        if (opened != null) {
            opened.close();
        }
    }
}
