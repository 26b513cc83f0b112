package dev.tidewheel.agent.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The folder of a run: all that is known about it, so that it survives the agent. {@code run.json} is written last when a
 * folder is prepared; a folder without it is none. For one thread.
 *
 * @param path {@code <workDir>/<run>}
 */
record RunFolder(Path path) {
    /** What the trainer is started with. */
    static final String CONFIG = "trainer.yaml";

    static final String DEFINITIONS = "definitions.json";
    static final String PIN = "pin.json";
    static final String RESULT = "result.json";

    private static final String RUN = "run.json";
    private static final String STARTS = "starts";
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * For what a folder was prepared.
     *
     * @param specHash of the spec
     */
    record Prepared(long generation, String specHash) {
        static final Prepared NOT = new Prepared(0, "");
    }

    Prepared prepared() throws IOException {
        if (!Files.exists(path.resolve(RUN))) {
            return Prepared.NOT;
        }
        JsonNode run = JSON.readTree(path.resolve(RUN).toFile());
        return new Prepared(
                run.path("generation").longValue(), run.path("specHash").asText());
    }

    void prepare(Prepared prepared) throws IOException {
        write(
                path.resolve(RUN),
                JSON.createObjectNode()
                        .put("generation", prepared.generation())
                        .put("specHash", prepared.specHash())
                        .toString());
    }

    /** Wall times of all starts, epoch milliseconds. */
    List<Long> starts() throws IOException {
        Path file = path.resolve(STARTS);
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank())
                        .map(Long::valueOf)
                        .toList()
                : List.of();
    }

    /** Notes a start. Before it happens: one that kills the agent counts, too. */
    void starting(long now) throws IOException {
        Files.writeString(path.resolve(STARTS), now + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    Optional<TrainingResult> result() throws IOException {
        Path file = path.resolve(RESULT);
        return Files.exists(file) ? Optional.of(TrainingResult.read(Files.readString(file))) : Optional.empty();
    }

    /** Moves the folder out of the way. */
    void putAside() throws IOException {
        long generation = prepared().generation();
        Path aside = path.resolveSibling(path.getFileName() + ".generation-" + generation);
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whoever reads the file sees all of it or what was there before. */
    static void write(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        Files.writeString(unfinished, text, StandardCharsets.UTF_8);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
