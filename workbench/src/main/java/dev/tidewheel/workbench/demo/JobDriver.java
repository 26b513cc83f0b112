package dev.tidewheel.workbench.demo;

import dev.tidewheel.submission.FlinkRefusedException;
import dev.tidewheel.submission.FlinkSubmitter;
import dev.tidewheel.submission.FlinkUnavailableException;
import dev.tidewheel.submission.JobId;
import dev.tidewheel.submission.RetainedCheckpoints;
import dev.tidewheel.submission.Submission;
import dev.tidewheel.submission.SubmitOutcome;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.stack.JobSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the run's Flink jobs on the run's cluster: submits each, and submits it again from its newest checkpoint on disk
 * when the cluster has lost it. A session cluster on one machine forgets its jobs when its JobManager dies. Thread-safe.
 */
final class JobDriver {
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(60);
    private static final Duration START_DEADLINE = Duration.ofSeconds(120);
    private static final Duration SLOTS_DEADLINE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(JobDriver.class);

    private final FlinkSubmitter flink;
    private final List<JobSpec> jobs;
    private long lastLook = System.nanoTime();

    /**
     * @param flink the cluster's REST interface
     * @param jobs each of another name
     */
    JobDriver(URI flink, List<JobSpec> jobs) {
        this.flink = new FlinkSubmitter(flink, CALL_DEADLINE);
        this.jobs = List.copyOf(jobs);
    }

    /**
     * Submits the jobs and returns when all of their tasks run.
     *
     * @throws WorkbenchException if the cluster refuses one
     */
    synchronized void start() throws InterruptedException {
        flink.awaitSlots(jobs.stream().mapToInt(JobSpec::parallelism).sum(), START_DEADLINE);
        List<JobId> started = new ArrayList<>();
        for (JobSpec job : jobs) {
            SubmitOutcome outcome = submit(job);
            if (!(outcome instanceof SubmitOutcome.Accepted accepted)) {
                throw new WorkbenchException("job " + job.name() + " was not accepted: " + outcome);
            }
            started.add(accepted.job());
        }
        for (JobId job : started) {
            flink.awaitRunning(job, START_DEADLINE);
        }
    }

    /**
     * Looks, now and then, whether the jobs are there, and submits again those that are not. What stands in the way is
     * left to the next look: whoever waits for a job has a deadline of its own.
     */
    synchronized void keepAlive() {
        if (System.nanoTime() - lastLook < BETWEEN_LOOKS.toNanos()) {
            return;
        }
        try {
            for (JobSpec job : jobs) {
                if (flink.live(job.name()).isEmpty()) {
                    flink.awaitSlots(job.parallelism(), SLOTS_DEADLINE);
                    LOG.warn("the cluster has lost job {}: {}", job.name(), submit(job));
                }
            }
        } catch (FlinkUnavailableException | FlinkRefusedException e) {
            LOG.info("the cluster cannot take a job yet: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lastLook = System.nanoTime();
    }

    private SubmitOutcome submit(JobSpec job) {
        Optional<String> checkpoint =
                RetainedCheckpoints.latest(job.checkpoints()).map(Path::toString);
        LOG.info("job {} begins with {}", job.name(), checkpoint.orElse("nothing"));
        // What the registry has retired since the checkpoint is left out.
        return flink.submit(new Submission(
                        job.jar(),
                        job.entryClass(),
                        List.of("--config", job.config().toString()),
                        checkpoint)
                .leavingOut());
    }
}
