package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Everything that a run leaves on disk, in one folder: configuration, logs, data, the report.
 *
 * @param root {@code .tidewheel/<run>}
 */
public record RunDirectory(Path root) {
    public RunDirectory {
        root = root.toAbsolutePath().normalize();
    }

    public Path config() {
        return made("config");
    }

    public Path logs() {
        return made("logs");
    }

    public Path kafka() {
        return root.resolve("data/kafka");
    }

    public Path redis() {
        return made("data/redis");
    }

    public Path warehouse() {
        return made("data/warehouse");
    }

    public Path checkpoints() {
        return made("data/checkpoints");
    }

    /** The checkpoints of one Flink job, over all its lives. */
    public Path checkpoints(String job) {
        return made("data/checkpoints/" + job);
    }

    /** A folder for what one program keeps. */
    Path data(String name) {
        return made("data/" + name);
    }

    public Path models() {
        return made("data/models");
    }

    public Path progress() {
        return root.resolve("progress.json");
    }

    /** Where the report goes; it exists once the run has come to its end. */
    public Path report(String format) {
        return root.resolve("report." + format);
    }

    public PidFiles pids() {
        return new PidFiles(root.resolve("pids"));
    }

    /** Removes everything, so that the run starts from nothing. */
    public void clear() {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + root, e);
        }
    }

    private Path made(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + root.resolve(name), e);
        }
    }
}
