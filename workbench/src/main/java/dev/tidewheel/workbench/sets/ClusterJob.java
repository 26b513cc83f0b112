package dev.tidewheel.workbench.sets;

import dev.tidewheel.submission.FlinkRefusedException;
import dev.tidewheel.submission.FlinkSubmitter;
import dev.tidewheel.submission.FlinkUnavailableException;
import dev.tidewheel.submission.JobId;
import dev.tidewheel.submission.JobStatus;
import dev.tidewheel.submission.Submission;
import dev.tidewheel.submission.SubmitOutcome;
import dev.tidewheel.workbench.WorkbenchException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a job that ends by itself, and waits for its end. */
final class ClusterJob {
    private static final String MAIN = "dev.tidewheel.historyjobs.TrainingSetJob";
    private static final Duration CALL = Duration.ofSeconds(60);
    /** A JobManager that is started again is not a job that has failed. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final FlinkSubmitter flink;
    private final URI address;

    ClusterJob(URI address) {
        this.flink = new FlinkSubmitter(address, CALL);
        this.address = address;
    }

    /**
     * Submits it, and returns when it has ended well. If this thread is interrupted, the job is cancelled.
     *
     * @throws WorkbenchException if the cluster refuses it, or it fails
     */
    void run(Path jar, Path config) throws InterruptedException {
        SubmitOutcome outcome =
                flink.submit(new Submission(jar, MAIN, List.of("--config", config.toString()), Optional.empty()));
        if (outcome instanceof SubmitOutcome.Refused refused) {
            throw new WorkbenchException(
                    "the cluster at " + address + " refused the job; does it have the class path of"
                            + " history-jobs, and see " + config + "? " + refused.reason());
        }
        if (outcome instanceof SubmitOutcome.Unknown unknown) {
            throw new WorkbenchException(
                    "the cluster at " + address + " does not answer: "
                            + unknown.cause().getMessage(),
                    unknown.cause());
        }
        JobId job = ((SubmitOutcome.Accepted) outcome).job();
        JobStatus last = follow(job);
        if (last != JobStatus.FINISHED) {
            throw new WorkbenchException("job " + job + " at " + address + " is " + last + ": "
                    + flink.failure(job).orElse("without a reason"));
        }
    }

    private JobStatus follow(JobId job) throws InterruptedException {
        long answered = System.nanoTime();
        while (true) {
            try {
                JobStatus status = flink.status(job);
                if (status.ended()) {
                    return status;
                }
                answered = System.nanoTime();
            } catch (FlinkUnavailableException e) {
                if (System.nanoTime() - answered > SILENCE.toNanos()) {
                    throw new WorkbenchException(
                            "the cluster at " + address + " has not answered for " + SILENCE + "; job " + job
                                    + " may still run there: " + e.getMessage(),
                            e);
                }
            } catch (FlinkRefusedException e) {
                throw new WorkbenchException(
                        "the cluster at " + address + " has lost job " + job + ": " + e.getMessage(), e);
            }
            pause(job);
        }
    }

    private void pause(JobId job) throws InterruptedException {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
        } catch (InterruptedException interrupted) {
            try {
                flink.cancel(job);
            } catch (FlinkUnavailableException | FlinkRefusedException e) {
                throw new WorkbenchException(
                        "job " + job + " at " + address + " may still run: cancel it there. " + e.getMessage(), e);
            }
            throw interrupted;
        }
    }
}
