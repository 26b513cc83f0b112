package dev.tidewheel.submission;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A job to run.
 *
 * @param jar holds the entry class
 * @param entryClass whose {@code main} builds the job
 * @param arguments of the {@code main}
 * @param restoreFrom path of a checkpoint or savepoint to start from
 * @param leavesOut whether the job may have fewer operators than the checkpoint: what is left out is lost, as when a
 *     lineage was retired. Without it such a start is refused
 */
public record Submission(
        Path jar, String entryClass, List<String> arguments, Optional<String> restoreFrom, boolean leavesOut) {
    public Submission {
        Objects.requireNonNull(jar, "jar");
        Objects.requireNonNull(entryClass, "entryClass");
        arguments = List.copyOf(arguments);
        Objects.requireNonNull(restoreFrom, "restoreFrom");
    }

    /** One that takes over all of a checkpoint. */
    public Submission(Path jar, String entryClass, List<String> arguments, Optional<String> restoreFrom) {
        this(jar, entryClass, arguments, restoreFrom, false);
    }

    /** The same job, started from a checkpoint or savepoint. */
    public Submission from(String path) {
        return new Submission(jar, entryClass, arguments, Optional.of(path), leavesOut);
    }

    /** The same job, which may leave operators of the checkpoint out. */
    public Submission leavingOut() {
        return new Submission(jar, entryClass, arguments, restoreFrom, true);
    }
}
