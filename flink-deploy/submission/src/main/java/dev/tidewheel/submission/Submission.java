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
 */
public record Submission(Path jar, String entryClass, List<String> arguments, Optional<String> restoreFrom) {
    public Submission {
        Objects.requireNonNull(jar, "jar");
        Objects.requireNonNull(entryClass, "entryClass");
        arguments = List.copyOf(arguments);
        Objects.requireNonNull(restoreFrom, "restoreFrom");
    }

    /** The same job, started from a checkpoint or savepoint. */
    public Submission from(String path) {
        return new Submission(jar, entryClass, arguments, Optional.of(path));
    }
}
