package dev.tidewheel.workbench.demo;

import dev.tidewheel.submission.FlinkSubmitter;
import dev.tidewheel.submission.JobId;
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

/** Submits the run's feature job to the run's cluster: as new, or from the newest checkpoint that is kept on disk. */
final class JobDriver {
    private static final String ENTRY_CLASS = "dev.tidewheel.jobs.FeatureJob";
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(60);
    private static final Duration START_DEADLINE = Duration.ofSeconds(120);
    private static final Logger LOG = LoggerFactory.getLogger(JobDriver.class);

    private final FlinkSubmitter flink;
    private final OneMachine machine;
    private final RunDirectory run;
    private final Path config;
    private final int parallelism;

    JobDriver(OneMachine machine, RunDirectory run, Path config, int parallelism) {
        this.flink = new FlinkSubmitter(Endpoints.http(machine.endpoints().flinkRest(), ""), CALL_DEADLINE);
        this.machine = machine;
        this.run = run;
        this.config = config;
        this.parallelism = parallelism;
    }

    /**
     * Returns when all of the job's tasks run.
     *
     * @throws WorkbenchException if the cluster refuses the job
     */
    void start() throws InterruptedException {
        Optional<String> checkpoint =
                RetainedCheckpoints.latest(run.checkpoints()).map(Path::toString);
        flink.awaitSlots(parallelism, START_DEADLINE);
        Submission submission = new Submission(
                machine.featureJobJar(), ENTRY_CLASS, List.of("--config", config.toString()), checkpoint);
        SubmitOutcome outcome = flink.submit(submission);
        if (outcome instanceof SubmitOutcome.Accepted accepted) {
            LOG.info("feature job {} begins with {}", accepted.job(), checkpoint.orElse("nothing"));
            awaitRunning(accepted.job());
        } else {
            throw new WorkbenchException("the feature job was not accepted: " + outcome);
        }
    }

    private void awaitRunning(JobId job) throws InterruptedException {
        flink.awaitRunning(job, START_DEADLINE);
    }
}
