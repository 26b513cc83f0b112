package dev.tidewheel.jobs;

import dev.tidewheel.runtime.await.Await;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException;
import org.apache.flink.util.ExceptionUtils;

/**
 * Savepoints of jobs whose tasks have died just now, or are about to be found dead: tried again until all of them run. Each
 * subtask may have acknowledged everything, some in an attempt that is over, while the next is only beginning.
 */
public final class Savepoints {
    private Savepoints() {}

    /** Ends the job. Gives the savepoint's address. */
    public static String stop(JobClient job, Path folder) {
        return taken(() -> job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL));
    }

    /**
     * The job goes on. That all tasks took it proves that none that died before is still to be found, and that each has begun
     * its attempt: what frontiers say from now on is said of it.
     */
    public static void take(JobClient job, Path folder) {
        var unused = taken(() -> job.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL));
    }

    private static String taken(Callable<CompletableFuture<String>> savepoint) {
        AtomicReference<Exception> last = new AtomicReference<>();
        return Await.level(
                        "a savepoint that all tasks take", () -> tried(savepoint, last), Optional::isPresent, last::get)
                .orElseThrow();
    }

    /** No savepoint was taken, or one was while a task did not end as it should: then the job begins anew by itself. */
    private static boolean isOfDyingTasks(Throwable thrown) {
        return thrown instanceof CheckpointException || thrown instanceof StopWithSavepointStoppingException;
    }

    private static Optional<String> tried(
            Callable<CompletableFuture<String>> savepoint, AtomicReference<Exception> last) throws Exception {
        try {
            return Optional.of(savepoint.call().get(JobWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (ExceptionUtils.findThrowable(e, Savepoints::isOfDyingTasks).isEmpty()) {
                throw e;
            }
            last.set(e);
            return Optional.empty();
        }
    }
}
