package dev.tidewheel.workbench.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What other commands must know of a run.
 *
 * @param bootstrap its Kafka
 * @param flink the web UI
 * @param redis the online store
 * @param definitions the folder with its definitions
 * @param data the file that it plays
 */
public record RunInfo(String bootstrap, String flink, String redis, String definitions, String data) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "run.json";

    /** Writes it down. */
    public void write(RunDirectory run) {
        Path file = run.root().resolve(FILE);
        try {
            JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * @throws WorkbenchException if there was never such a run
     */
    public static RunInfo read(RunDirectory run) {
        Path file = run.root().resolve(FILE);
        if (!Files.exists(file)) {
            throw new WorkbenchException(
                    "there is no run in " + run.root() + others(run) + "; start it with: " + command(run));
        }
        try {
            return JSON.readValue(file.toFile(), RunInfo.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String command(RunDirectory run) {
        return "./tidewheel demo --run " + run.root().getFileName();
    }

    private static String others(RunDirectory run) {
        Path parent = Objects.requireNonNull(run.root().getParent(), "a run is a folder of a folder");
        if (!Files.isDirectory(parent)) {
            return "";
        }
        try (Stream<Path> folders = Files.list(parent)) {
            List<String> names = folders.filter(folder -> Files.exists(folder.resolve(FILE)))
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .sorted()
                    .toList();
            return names.isEmpty() ? "" : ", there are " + String.join(", ", names);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + parent, e);
        }
    }

    /**
     * @throws WorkbenchException if the run's broker is not there
     */
    public RunInfo requireRunning(RunDirectory run) {
        if (run.pids().running(OneMachine.BROKER).isEmpty()) {
            throw new WorkbenchException(
                    "the run in " + run.root() + " does not run; start it with: " + command(run) + " --keep-running");
        }
        return this;
    }
}
