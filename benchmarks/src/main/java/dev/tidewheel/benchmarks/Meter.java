package dev.tidewheel.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.core.execution.JobClient;

/** Runs one job over a topic that is there already, and measures it from its first record to its last value. */
final class Meter {
    /** Longer than anything here takes. */
    static final Duration NO_LIMIT = Duration.ofMinutes(10);

    private static final Duration BEGIN_LIMIT = Duration.ofMinutes(1);
    /** Asking Flink for a job's status costs more than looking at a number. */
    private static final long STATUS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Platform platform;
    private long askedNanos = System.nanoTime();

    Meter(Platform platform) {
        this.platform = platform;
    }

    /** Starts a job. */
    @FunctionalInterface
    interface Start {
        JobClient job() throws Exception;
    }

    /** What is looked at while the job still runs, after all is written. */
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    /**
     * Measures.
     *
     * @param patience after so long a job is judged by how far it came, and not checked
     * @param events how many it is through with, when it is done or its time is up
     * @param done whether all values are in Redis
     * @param values how many were written so far
     * @param seen says how far the job has come, for an error
     */
    Measured run(
            Duration patience,
            LongSupplier events,
            Start start,
            BooleanSupplier done,
            LongSupplier values,
            Supplier<String> seen,
            Check check)
            throws Exception {
        platform.clearRedis();
        System.gc();
        FirstPoll.reset();
        JobClient job = start.job();
        try {
            Deadline.await("the first record", BEGIN_LIMIT, () -> FirstPoll.nanos() != 0 || failed(job), seen);
            double cpu = cpuSeconds();
            double redisCpu = platform.redisCpuSeconds();
            double bytes = platform.redisBytes();
            long until = FirstPoll.nanos() + patience.toNanos();
            Deadline.await(
                    "the last value",
                    NO_LIMIT,
                    () -> done.getAsBoolean() || System.nanoTime() - until > 0 || failed(job),
                    seen);
            boolean through = done.getAsBoolean();
            long end = System.nanoTime();
            double redis = platform.redisCpuSeconds() - redisCpu;
            Measured measured = new Measured(
                    Math.max(1, events.getAsLong()),
                    (end - FirstPoll.nanos()) / 1e9,
                    cpuSeconds() - cpu + redis,
                    redis,
                    platform.redisBytes() - bytes,
                    values.getAsLong());
            if (through) {
                check.run();
            }
            return measured;
        } finally {
            stop(job);
        }
    }

    private boolean failed(JobClient job) {
        if (System.nanoTime() - askedNanos < STATUS_NANOS) {
            return false;
        }
        askedNanos = System.nanoTime();
        try {
            if (job.getJobStatus().get().isGloballyTerminalState()) {
                job.getJobExecutionResult().get();
                throw new IllegalStateException("the job ended by itself");
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the job failed", e);
        }
    }

    static void stop(JobClient job) throws Exception {
        job.cancel().get();
        Deadline.await("the job's end", BEGIN_LIMIT, () -> ended(job), () -> "it does not stop");
    }

    private static boolean ended(JobClient job) {
        try {
            return job.getJobStatus().get().isGloballyTerminalState();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IllegalStateException | ExecutionException clusterIsGone) {
            return true; // The job's own cluster ends with it.
        }
    }

    /** The CPU time that this JVM has taken so far. */
    static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }
}
