package dev.tidewheel.workbench.demo;

import dev.tidewheel.submission.FlinkRefusedException;
import dev.tidewheel.submission.FlinkSubmitter;
import dev.tidewheel.submission.FlinkUnavailableException;
import dev.tidewheel.submission.RetainedCheckpoints;
import dev.tidewheel.submission.Submission;
import dev.tidewheel.submission.SubmitOutcome;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.stack.Endpoints;
import dev.tidewheel.workbench.stack.OneMachine;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the run's feature job on the run's cluster: submits it, and submits it again from the newest checkpoint on disk
 * when the cluster has lost it. A session cluster on one machine forgets its jobs when its JobManager dies. Thread-safe.
 */
final class JobDriver {
    private static final String ENTRY_CLASS = "dev.tidewheel.jobs.FeatureJob";
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(60);
    private static final Duration START_DEADLINE = Duration.ofSeconds(120);
    private static final Duration SLOTS_DEADLINE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(JobDriver.class);

    private final FlinkSubmitter flink;
    private final OneMachine machine;
    private final RunDirectory run;
    private final Path config;
    private final int parallelism;
    private long lastLook = System.nanoTime();

    JobDriver(OneMachine machine, RunDirectory run, Path config, int parallelism) {
        this.flink = new FlinkSubmitter(Endpoints.http(machine.endpoints().flinkRest(), ""), CALL_DEADLINE);
        this.machine = machine;
        this.run = run;
        this.config = config;
        this.parallelism = parallelism;
    }

    /**
     * Submits the job and returns when all of its tasks run.
     *
     * @throws WorkbenchException if the cluster refuses it
     */
    synchronized void start() throws InterruptedException {
        flink.awaitSlots(parallelism, START_DEADLINE);
        SubmitOutcome outcome = submit();
        if (!(outcome instanceof SubmitOutcome.Accepted accepted)) {
            throw new WorkbenchException("the feature job was not accepted: " + outcome);
        }
        flink.awaitRunning(accepted.job(), START_DEADLINE);
    }

    /**
     * Looks, now and then, whether the job is there, and submits it again if not. What stands in the way is left to the
     * next look: whoever waits for the job has a deadline of its own.
     */
    synchronized void keepAlive() {
        if (System.nanoTime() - lastLook < BETWEEN_LOOKS.toNanos()) {
            return;
        }
        try {
            if (flink.jobs().stream().allMatch(job -> job.status().ended())) {
                flink.awaitSlots(parallelism, SLOTS_DEADLINE);
                LOG.warn("the cluster has lost the feature job: {}", submit());
            }
        } catch (FlinkUnavailableException | FlinkRefusedException e) {
            LOG.info("the cluster cannot take the feature job yet: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lastLook = System.nanoTime();
    }

    private SubmitOutcome submit() {
        Optional<String> checkpoint =
                RetainedCheckpoints.latest(run.checkpoints()).map(Path::toString);
        LOG.info("the feature job begins with {}", checkpoint.orElse("nothing"));
        return flink.submit(new Submission(
                machine.featureJobJar(), ENTRY_CLASS, List.of("--config", config.toString()), checkpoint));
    }
}
