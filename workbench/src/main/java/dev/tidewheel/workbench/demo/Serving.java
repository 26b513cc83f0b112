package dev.tidewheel.workbench.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.workbench.apply.Applier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Publishes which model versions there are, and which one serves. */
final class Serving {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoStack stack;

    Serving(DemoStack stack) {
        this.stack = stack;
    }

    /**
     * Publishes versions and the alias {@code champion}.
     *
     * @param files by version, the registered model.json
     * @param champion the version that serves
     * @param now recorded with each, epoch milliseconds
     */
    void publish(String model, Map<String, Path> files, String champion, long now) throws InterruptedException {
        Map<String, Definition> inForce = new Applier(stack.kafka()).inForce();
        try (RegistryPublisher publisher = new RegistryPublisher(stack.kafka(), DEADLINE)) {
            new TreeMap<>(files)
                    .forEach((version, file) -> publisher.publish(
                            definition("ModelVersion", model + "." + version, canonical(file), now), inForce));
            String alias = json(new TreeMap<>(Map.of("model", model, "version", champion)));
            publisher.publish(definition("ModelAlias", model + ".champion", alias, now), inForce);
        }
    }

    private static Definition definition(String kind, String name, String body, long now) {
        return new Definition(kind, name, hash(body), body, 0L, List.of(), now);
    }

    private static String canonical(Path file) {
        try {
            return json(JSON.readValue(Files.readString(file), TreeMap.class));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String json(Map<?, ?> value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
