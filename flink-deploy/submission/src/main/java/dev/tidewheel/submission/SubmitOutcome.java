package dev.tidewheel.submission;

/** What became of a submission, named by what is safe to do next. */
public sealed interface SubmitOutcome {

    /** The cluster has the job. */
    record Accepted(JobId job) implements SubmitOutcome {}

    /**
     * The cluster has refused, for instance because the job's {@code main} threw. There is no job: put right what the
     * reason says, then submit again.
     *
     * @param reason in the cluster's words
     */
    record Refused(String reason) implements SubmitOutcome {}

    /**
     * No answer. The job may or may not run: look at {@link FlinkSubmitter#jobs()} before submitting again, or two of
     * them will.
     */
    record Unknown(FlinkUnavailableException cause) implements SubmitOutcome {}
}
