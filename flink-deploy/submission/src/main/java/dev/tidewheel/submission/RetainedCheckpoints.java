package dev.tidewheel.submission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds, without a cluster, what a job can be started from again: {@code <directory>/<job>/chk-<n>/_metadata}, which
 * Flink writes last, so whoever has it is complete. For a directory that one job uses, over all its lives: job ids
 * change with every submission, and the newest file is the newest state.
 */
public final class RetainedCheckpoints {
    private static final String METADATA = "_metadata";

    private RetainedCheckpoints() {}

    private record Found(Path checkpoint, FileTime written) {}

    /**
     * The newest complete checkpoint below a directory; empty if there is none, or no directory.
     *
     * @throws UncheckedIOException if the directory cannot be read
     */
    public static Optional<Path> latest(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        return checkpoints(directory).stream()
                .max(Comparator.comparing(Found::written).thenComparing(found -> number(found.checkpoint())))
                .map(Found::checkpoint);
    }

    private static List<Found> checkpoints(Path directory) {
        try (Stream<Path> jobs = Files.list(directory)) {
            return jobs.filter(Files::isDirectory)
                    .flatMap(job -> ofJob(job).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static List<Found> ofJob(Path job) {
        try (Stream<Path> checkpoints = Files.list(job)) {
            return checkpoints
                    .filter(folder -> folder.getFileName().toString().startsWith("chk-"))
                    .flatMap(folder -> complete(folder).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + job, e);
        }
    }

    /** A checkpoint may be discarded while we look. */
    private static Optional<Found> complete(Path checkpoint) {
        try {
            return Optional.of(new Found(checkpoint, Files.getLastModifiedTime(checkpoint.resolve(METADATA))));
        } catch (NoSuchFileException incomplete) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + checkpoint, e);
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }
}
