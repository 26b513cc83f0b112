package dev.tidewheel.workbench.demo;

import dev.tidewheel.definitions.Model;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.workbench.apply.Applier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publishes the model versions that a run begins with, and which one serves. What follows is up to the cluster agent. */
final class Serving {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final DemoStack stack;
    private final Path models;

    /** @param models the folder of registered models */
    Serving(DemoStack stack, Path models) {
        this.stack = stack;
        this.models = models;
    }

    /**
     * Publishes versions, each with the profile of what it was trained on, the definitions that they were trained with,
     * and, where nobody serves yet, the first champion.
     *
     * @param champion the version that serves at the beginning of a run
     * @param now recorded with each, epoch milliseconds
     */
    void publish(Model model, List<String> versions, String champion, long now) throws InterruptedException {
        Map<String, Definition> inForce = new Applier(stack.kafka()).inForce();
        Definition alias = ServingRecords.champion(model.name(), champion, now);
        try (RegistryPublisher publisher = new RegistryPublisher(stack.kafka(), DEADLINE)) {
            publisher.publish(ServingRecords.servicePin(model.service(), inForce, now), inForce);
            for (String version : versions) {
                publish(publisher, model.name(), version, inForce, now);
            }
            if (!inForce.containsKey(alias.getKind() + "/" + alias.getName())) {
                publisher.publish(alias, inForce);
            }
        }
    }

    /** The profile first: whoever sees the version finds it. */
    private void publish(
            RegistryPublisher publisher, String model, String version, Map<String, Definition> inForce, long now) {
        Definition profile = ServingRecords.profile(
                model, version, file(model, version, "profile.json").strip(), now);
        publisher.publish(profile, inForce);
        publisher.publish(
                ServingRecords.modelVersion(
                        model, version, file(model, version, "model.json"), Optional.of(profile.getHash()), now),
                inForce);
    }

    private String file(String model, String version, String name) {
        Path file = models.resolve(model).resolve(version).resolve(name);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
