package dev.tidewheel.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Feast as a peer: a Python program with libraries of its own.
 *
 * @param environment of Python that has Feast
 * @param program to run
 */
record Feast(Path environment, Path program) {
    /** How much memory it may have: twelve times our heap; more beside the heap of this process is not on every machine. */
    static final int MOST_GIB = 12;

    private static final Path PROJECT = Path.of("benchmarks", "peers", "feast");

    /** Its offline stores that need no server. */
    enum Store {
        /** DuckDB, by way of Ibis. */
        DUCKDB,
        /** Pandas, by way of Dask: the one that it takes unless told otherwise. */
        DASK
    }

    /** The one that {@link #install} leaves. */
    static Feast in(Path repository) {
        Path project = repository.resolve(PROJECT).toAbsolutePath().normalize();
        return new Feast(project.resolve(Path.of("target", "venv")), project.resolve("feast_peer.py"));
    }

    /** The environment's. */
    Path python() {
        return environment.resolve(Path.of("bin", "python"));
    }

    /**
     * Installs it, which downloads it the first time.
     *
     * @param python that makes its environment
     * @return empty where it cannot be had, which is told
     */
    static Optional<Feast> install(String python, Path repository) throws IOException, InterruptedException {
        Feast feast = in(repository);
        Path requirements = feast.program().resolveSibling("requirements.txt");
        boolean there = succeeds(
                        List.of(python, "-m", "venv", feast.environment().toString()))
                && succeeds(List.of(
                        feast.python().toString(), "-m", "pip", "install", "-q", "-r", requirements.toString()));
        return there ? Optional.of(feast) : Optional.empty();
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0
                    || leftOut(output.strip().lines().findFirst().orElse(command.toString()));
        } catch (IOException e) {
            return leftOut(e.toString()); // There is no such program.
        }
    }

    private static boolean leftOut(String why) {
        Report.say("  Feast is left out, as it cannot be installed: " + why);
        return false;
    }

    /** Writes the data in its form, which nobody is charged for; nothing where that is done. */
    void prepare(HistoryData data) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        python().toString(),
                        program.toString(),
                        "prepare",
                        data.folder().toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("Feast's form of " + data.folder() + ":\n" + output);
        }
    }

    /**
     * Asks for the last row before each question, from a cold start.
     *
     * @param answers a Parquet file to write
     */
    OwnProcess.End retrieve(Store store, HistoryData data, Path answers, String threads, Duration deadline)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(data.folder().resolve("feast"));
        List<String> command = List.of(
                python().toString(),
                program.toString(),
                store.name().toLowerCase(Locale.ROOT),
                data.folder().toString(),
                answers.toString(),
                threads,
                Integer.toString(MOST_GIB));
        return OwnProcess.run(command, folder, deadline);
    }
}
