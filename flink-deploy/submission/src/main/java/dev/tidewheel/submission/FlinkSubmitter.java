package dev.tidewheel.submission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewheel.runtime.process.Looks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Submits jobs to one Flink session cluster and follows them. Thread-safe.
 *
 * <p>Every call ends within the deadline given here, the waiting ones within their own. Unless said otherwise, calls throw
 * {@link FlinkUnavailableException} if the cluster does not answer and {@link FlinkRefusedException} if it says no.
 */
public final class FlinkSubmitter {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final FlinkRest rest;

    /**
     * @param address of the REST interface, {@code http://host:port}
     * @param deadline for one call; a submission runs the job's {@code main} within it
     */
    public FlinkSubmitter(URI address, Duration deadline) {
        this.rest = new FlinkRest(address, deadline);
    }

    /** Waits until the cluster answers and has free slots. */
    public void awaitSlots(int slots, Duration deadline) throws InterruptedException {
        await("a cluster with " + slots + " free slots", deadline, () -> {
            try {
                int free = rest.get("/overview").path("slots-available").asInt();
                return free >= slots ? Optional.of(free) : Optional.empty();
            } catch (FlinkUnavailableException notYet) {
                return Optional.empty();
            }
        });
    }

    /** Uploads the jar and runs its {@code main}, which submits the job. Throws nothing but for a jar that is not there. */
    public SubmitOutcome submit(Submission submission) {
        try {
            String jar = uploaded(rest.upload("/v1/jars/upload", submission.jar()));
            JsonNode answer = rest.post("/v1/jars/" + jar + "/run", body(submission));
            return new SubmitOutcome.Accepted(new JobId(answer.path("jobid").asText()));
        } catch (FlinkRefusedException e) {
            return new SubmitOutcome.Refused(String.valueOf(e.getMessage()));
        } catch (FlinkUnavailableException e) {
            return new SubmitOutcome.Unknown(e);
        }
    }

    private static String uploaded(JsonNode answer) {
        String file = answer.path("filename").asText();
        return file.substring(file.lastIndexOf('/') + 1);
    }

    private static Map<String, Object> body(Submission submission) {
        Map<String, Object> body = new HashMap<>();
        body.put("entryClass", submission.entryClass());
        body.put("programArgsList", submission.arguments());
        submission.restoreFrom().ifPresent(path -> body.put("savepointPath", path));
        body.put("allowNonRestoredState", submission.leavesOut());
        return body;
    }

    /** All jobs that the cluster knows, ended ones too. */
    public List<JobSummary> jobs() {
        List<JobSummary> jobs = new ArrayList<>();
        rest.get("/v1/jobs/overview").path("jobs").forEach(job -> jobs.add(summary(job)));
        return List.copyOf(jobs);
    }

    private static JobSummary summary(JsonNode job) {
        return new JobSummary(
                new JobId(job.path("jid").asText()),
                job.path("name").asText(),
                JobStatus.valueOf(job.path("state").asText()),
                job.path("tasks").path("running").asInt(),
                job.path("tasks").path("total").asInt());
    }

    /** The job of a name that has not ended, if there is one. */
    public Optional<JobSummary> live(String name) {
        return jobs().stream()
                .filter(job -> job.name().equals(name) && !job.status().ended())
                .findFirst();
    }

    /** The job's state now. */
    public JobStatus status(JobId job) {
        return JobStatus.valueOf(
                rest.get("/v1/jobs/" + job + "/status").path("status").asText());
    }

    /**
     * Waits until all tasks of a job run.
     *
     * @throws FlinkRefusedException if the job ends before that, with the reason
     */
    public void awaitRunning(JobId job, Duration deadline) throws InterruptedException {
        await("all tasks of job " + job, deadline, () -> {
            if (status(job).ended()) {
                throw new FlinkRefusedException("job " + job + " is " + status(job) + ": "
                        + failure(job).orElse("without a reason"));
            }
            return jobs().stream()
                    .filter(each -> each.id().equals(job) && each.allTasksRunning())
                    .findFirst();
        });
    }

    /** Waits until a job has ended, and says how. */
    public JobStatus awaitEnd(JobId job, Duration deadline) throws InterruptedException {
        return await(
                "the end of job " + job,
                deadline,
                () -> Optional.of(status(job)).filter(JobStatus::ended));
    }

    /** The root of the newest failure of a job, also of one that it has recovered from. */
    public Optional<String> failure(JobId job) {
        JsonNode entries = rest.get("/v1/jobs/" + job + "/exceptions")
                .path("exceptionHistory")
                .path("entries");
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(entries.get(0).path("stacktrace").asText());
    }

    /** Asks for the end of a job; its checkpoints stay. {@link #awaitEnd} waits for it. */
    public void cancel(JobId job) {
        rest.patch("/v1/jobs/" + job + "?mode=cancel");
    }

    /**
     * Stops a job with a savepoint, which is kept until somebody deletes it.
     *
     * @param directory a folder or URI that the cluster can write to
     * @return the savepoint's path
     */
    public String stopWithSavepoint(JobId job, String directory, Duration deadline) throws InterruptedException {
        JsonNode started = rest.post("/v1/jobs/" + job + "/stop", Map.of("targetDirectory", directory, "drain", false));
        String savepoint =
                "/v1/jobs/" + job + "/savepoints/" + started.path("request-id").asText();
        JsonNode done = await(
                "the savepoint of job " + job,
                deadline,
                () -> Optional.of(rest.get(savepoint))
                        .filter(answer ->
                                answer.path("status").path("id").asText().equals("COMPLETED")));
        JsonNode cause = done.path("operation").path("failure-cause");
        if (!cause.isMissingNode() && !cause.isNull()) {
            throw new FlinkRefusedException("job " + job + " made no savepoint: "
                    + cause.path("stack-trace").asText());
        }
        return done.path("operation").path("location").asText();
    }

    /** The path of the newest completed checkpoint that a running cluster knows. */
    public Optional<String> latestCheckpoint(JobId job) {
        JsonNode latest =
                rest.get("/v1/jobs/" + job + "/checkpoints").path("latest").path("completed");
        return latest.hasNonNull("external_path")
                ? Optional.of(latest.path("external_path").asText())
                : Optional.empty();
    }

    private static <T> T await(String what, Duration deadline, Supplier<Optional<T>> look) throws InterruptedException {
        return new Looks(deadline, BETWEEN_LOOKS)
                .until(look)
                .orElseThrow(() -> new FlinkUnavailableException("waited " + deadline + " for " + what));
    }
}
