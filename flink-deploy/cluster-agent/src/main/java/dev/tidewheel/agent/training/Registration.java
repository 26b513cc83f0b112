package dev.tidewheel.agent.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Publishes a trained version: first the definitions and the profile that it leans on, then the version itself, so whoever
 * sees the version finds the rest. Doing it again changes nothing. For one thread.
 */
final class Registration {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path registry;
    private final RegistryPublisher publisher;

    /** @param registry folder of registered models */
    Registration(Path registry, RegistryPublisher publisher) {
        this.registry = registry;
        this.publisher = publisher;
    }

    /** Whether the registry names the very artifact that a training gave. */
    static boolean isDone(TrainingSpec spec, TrainingResult result, Map<String, Definition> inForce)
            throws IOException {
        Definition version =
                inForce.get(Registry.key(ServingRecords.MODEL_VERSION, spec.model() + "." + spec.version()));
        return version != null
                && JSON.readTree(version.getBody())
                        .path("artifactDigest")
                        .asText()
                        .equals(result.outputs().get("artifactDigest"));
    }

    /**
     * Publishes.
     *
     * @param now recorded with each, epoch milliseconds
     * @throws IOException if the trainer's files cannot be read
     */
    void publish(TrainingSpec spec, RunFolder folder, Map<String, Definition> inForce, long now) throws IOException {
        JsonNode pin = JSON.readTree(folder.path().resolve(RunFolder.PIN).toFile());
        publisher.publish(
                new Definition(
                        ServingRecords.SERVICE_PIN,
                        pin.path("name").asText(),
                        pin.path("hash").asText(),
                        pin.path("body").asText(),
                        0L,
                        List.of(),
                        now),
                inForce);
        Path version = registry.resolve(spec.model()).resolve(spec.version());
        Path profile = version.resolve("profile.json");
        if (Files.exists(profile)) {
            String json = Files.readString(profile).strip();
            publisher.publish(ServingRecords.profile(spec.model(), spec.version(), json, now), inForce);
        }
        String manifest = Files.readString(version.resolve("model.json"));
        publisher.publish(
                ServingRecords.modelVersion(spec.model(), spec.version(), manifest, Optional.empty(), now), inForce);
    }
}
