package dev.tidewheel.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.execution.JobClient;

/**
 * Runs one job over a topic that is there already. Its history fills the job's state and has the JVM compile; each stretch
 * after it is measured, from one moment of confirmed progress to another. Between two stretches that is progress on the
 * whole: a subtask or source that is ahead of the others is not waited for. At the end, everything is.
 */
final class Meter {
    /** Longer than anything here takes: then it is an error. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final Duration BEGIN_LIMIT = Duration.ofMinutes(1);
    /** Asking Flink for a job's status costs more than looking at a number. */
    private static final long STATUS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Platform platform;
    private long askedNanos = System.nanoTime();

    Meter(Platform platform) {
        this.platform = platform;
    }

    /**
     * How long a job may take until it is judged by how far it came, and not checked.
     *
     * @param history to get through the history
     * @param stretch and through each other stretch
     */
    record Patience(Duration history, Duration stretch) {
        /** The job must get through. */
        static final Patience ENDLESS = new Patience(Duration.ofDays(1), Duration.ofDays(1));
    }

    /** Measures each stretch after the history; fewer if the job was cut off. */
    List<Measured> run(Subject subject, Workload workload, Patience patience) throws Exception {
        platform.clearRedis();
        System.gc();
        JobClient job = subject.start().job();
        try {
            return measure(job, subject, workload, patience);
        } finally {
            stop(job);
        }
    }

    private List<Measured> measure(JobClient job, Subject subject, Workload workload, Patience patience)
            throws Exception {
        Duration third = patience.history().dividedBy(3);
        boolean early = reaches(job, subject, workload.history(), third.multipliedBy(2));
        Reading from = subject.reading(platform);
        if (!early && !reaches(job, subject, workload.history(), third)) {
            return List.of(from.until(subject.reading(platform), Measured.End.NOT_FILLED));
        }
        List<Measured> measured = new ArrayList<>();
        from = subject.reading(platform);
        long end = workload.history();
        for (Workload.Stretch stretch :
                workload.stretches().subList(1, workload.stretches().size())) {
            end += stretch.events();
            boolean through = reaches(job, subject, end, patience.stretch());
            Reading to = subject.reading(platform);
            measured.add(from.until(to, through ? Measured.End.THROUGH : Measured.End.CUT_OFF));
            if (!through) {
                return measured;
            }
            from = to;
        }
        subject.check().run();
        return measured;
    }

    /** Waits until the job is through with so many events, or its time is up. */
    private boolean reaches(JobClient job, Subject subject, long events, Duration patience) {
        long wanted = Math.min(events, subject.reachable());
        long until = System.nanoTime() + patience.toNanos();
        Deadline.await(
                "event " + wanted,
                LIMIT,
                () -> subject.events().getAsLong() >= wanted || System.nanoTime() - until > 0 || failed(job),
                subject.seen());
        return subject.events().getAsLong() >= wanted;
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
}
