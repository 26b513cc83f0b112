package dev.tidewheel.submission;

import java.util.Objects;

/**
 * A job in the cluster's list.
 *
 * @param id of the job
 * @param name as the job calls itself
 * @param status now
 * @param tasksRunning how many of its tasks run; a job is RUNNING before its tasks are
 * @param tasks how many tasks it has
 */
public record JobSummary(JobId id, String name, JobStatus status, int tasksRunning, int tasks) {
    public JobSummary {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(status, "status");
    }

    /** Whether every task runs. */
    public boolean allTasksRunning() {
        return status == JobStatus.RUNNING && tasksRunning == tasks;
    }
}
