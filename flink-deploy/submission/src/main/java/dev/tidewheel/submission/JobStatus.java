package dev.tidewheel.submission;

/** In which state a job is, as Flink calls it. */
public enum JobStatus {
    INITIALIZING,
    CREATED,
    RUNNING,
    FAILING,
    FAILED,
    CANCELLING,
    CANCELED,
    FINISHED,
    RESTARTING,
    SUSPENDED,
    RECONCILING;

    /** Whether the job will never run again. */
    public boolean ended() {
        return this == FAILED || this == CANCELED || this == FINISHED;
    }
}
