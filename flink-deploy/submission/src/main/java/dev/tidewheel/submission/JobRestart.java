package dev.tidewheel.submission;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a job take up changed definitions: stops it with a savepoint and starts it from there. Its {@code main} reads anew
 * what is in force. For one thread; two restarts of one job at once would start it twice.
 */
public final class JobRestart {
    private static final Logger LOG = LoggerFactory.getLogger(JobRestart.class);

    private final FlinkSubmitter flink;
    private final Duration deadline;

    /** @param deadline for each step: the savepoint, the end, the new start */
    public JobRestart(FlinkSubmitter flink, Duration deadline) {
        this.flink = flink;
        this.deadline = deadline;
    }

    /** How a restart ended. */
    public sealed interface Outcome {

        /** All tasks of the new job run. */
        record Running(JobId job, String savepoint) implements Outcome {}

        /**
         * The old job has ended and the new one does not run. Its state is in the savepoint: put right what the reason
         * says, see that no such job runs, and start it from there.
         */
        record Stopped(String savepoint, String reason) implements Outcome {}
    }

    /**
     * Restarts the job of a name.
     *
     * @param next how to start it; where from is decided here
     * @param savepoints a folder or URI that the cluster can write to
     * @throws FlinkRefusedException if no such job runs, or it makes no savepoint: then it goes on as before
     * @throws FlinkUnavailableException if the cluster does not answer before the savepoint is made
     */
    public Outcome restart(String name, Submission next, String savepoints) throws InterruptedException {
        JobSummary running = flink.live(name)
                .orElseThrow(() -> new FlinkRefusedException(
                        "no job " + name + " runs; start it from a savepoint of its own instead"));
        String savepoint = flink.stopWithSavepoint(running.id(), savepoints, deadline);
        LOG.info("job {} is stopping, its state is in {}", name, savepoint);
        try {
            flink.awaitEnd(running.id(), deadline);
            return start(next, savepoint);
        } catch (FlinkUnavailableException | FlinkRefusedException e) {
            return new Outcome.Stopped(savepoint, Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }

    /** Starts a job that does not run from a savepoint of its own. */
    public Outcome start(Submission next, String savepoint) throws InterruptedException {
        SubmitOutcome submitted = flink.submit(next.from(savepoint).leavingOut());
        Optional<JobId> accepted =
                submitted instanceof SubmitOutcome.Accepted taken ? Optional.of(taken.job()) : Optional.empty();
        if (accepted.isEmpty()) {
            return new Outcome.Stopped(savepoint, submitted.toString());
        }
        flink.awaitRunning(accepted.get(), deadline);
        return new Outcome.Running(accepted.get(), savepoint);
    }
}
