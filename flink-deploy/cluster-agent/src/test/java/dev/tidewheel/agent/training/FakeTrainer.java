package dev.tidewheel.agent.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that takes the trainer's configuration and does what a file tells it to, once there is one:
 * {@code <control>/<version>}. It lists its PIDs in {@code <control>/<version>.pids}.
 */
public final class FakeTrainer {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

    private FakeTrainer() {}

    public static void main(String[] args) throws IOException {
        JsonNode config = JSON.readTree(Path.of(args[1]).toFile());
        JsonNode retrain = config.path("retrain");
        Path control = Path.of(System.getProperty("control"));
        String version = retrain.path("version").asText();
        Files.writeString(
                control.resolve(version + ".pids"),
                ProcessHandle.current().pid() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        String order = await(control.resolve(version));
        System.out.println("told to " + order);
        switch (order) {
            case "succeed" -> succeed(Path.of(config.path("registry").asText()), retrain, version);
            case "refuse" -> Files.writeString(Path.of(retrain.path("result").asText()), "{\"failure\":\"no labels\"}");
            default -> System.exit(1);
        }
    }

    private static void succeed(Path registry, JsonNode retrain, String version) throws IOException {
        Path folder = registry.resolve(retrain.path("model").asText()).resolve(version);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("profile.json"), "{\"of\":\"" + version + "\"}");
        Files.writeString(
                folder.resolve("model.json"),
                "{\"model\": \"late-arrival\", \"artifactDigest\": \"sha256:" + version + "\"}");
        Path result = Path.of(retrain.path("result").asText());
        Path unfinished = result.resolveSibling("unfinished");
        Files.writeString(
                unfinished,
                "{\"modelVersion\":\"" + version + "\",\"artifactDigest\":\"sha256:" + version
                        + "\",\"trainingRows\":7,\"gate\":[{\"version\":\"" + version + "\"}]}");
        Files.move(unfinished, result);
    }

    private static String await(Path file) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (!Files.exists(file) || Files.size(file) == 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nobody said what to do");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return Files.readString(file).strip();
    }
}
