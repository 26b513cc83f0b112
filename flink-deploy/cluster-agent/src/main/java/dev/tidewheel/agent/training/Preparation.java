package dev.tidewheel.agent.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Monitor;
import dev.tidewheel.definitions.ProfileNeeds;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Writes all that a trainer needs into its folder: the definitions in force, how far the sources go, what to train. A run
 * that is started again uses the same; the definitions are also what its version is later served with. For one thread.
 */
final class Preparation {
    private static final JsonMapper JSON = new JsonMapper();

    private final SourceEnds ends;
    private final Path registry;
    private final WarehouseConfig warehouse;

    /** @param registry folder of registered models */
    Preparation(SourceEnds ends, Path registry, WarehouseConfig warehouse) {
        this.ends = ends;
        this.registry = registry;
        this.warehouse = warehouse;
    }

    /**
     * Writes the folder's files.
     *
     * @param inForce the registry, by kind/name
     * @param now recorded with the pin, epoch milliseconds
     * @throws IllegalArgumentException if the registry lacks what the model is made of
     */
    void write(TrainingSpec spec, RunFolder folder, Map<String, Definition> inForce, long now) throws IOException {
        Definition model = require(inForce, "Model", spec.model());
        JsonNode body = JSON.readTree(model.getBody()).path("spec");
        Definition pin = ServingRecords.servicePin(body.path("service").asText(), inForce, now);
        ArrayNode entries = (ArrayNode) JSON.readTree(pin.getBody());
        add(
                entries,
                require(inForce, "Source", body.path("questions").path("source").asText()));
        add(entries, model);
        Files.createDirectories(folder.path());
        RunFolder.write(folder.path().resolve(RunFolder.DEFINITIONS), entries.toPrettyString());
        RunFolder.write(folder.path().resolve(RunFolder.PIN), pinFile(pin));
        RunFolder.write(
                folder.path().resolve(RunFolder.CONFIG),
                config(spec, folder, topics(entries), needs(spec.model(), inForce)));
    }

    private static void add(ArrayNode entries, Definition definition) {
        for (JsonNode entry : entries) {
            if (entry.path("kind").asText().equals(definition.getKind())
                    && entry.path("name").asText().equals(definition.getName())) {
                return;
            }
        }
        entries.addObject()
                .put("kind", definition.getKind())
                .put("name", definition.getName())
                .put("hash", definition.getHash())
                .put("body", definition.getBody())
                .put("lineage", definition.getLineage())
                .putArray("columns");
    }

    private static String pinFile(Definition pin) {
        return JSON.createObjectNode()
                .put("name", pin.getName())
                .put("hash", pin.getHash())
                .put("body", pin.getBody())
                .toPrettyString();
    }

    private static Iterable<String> topics(ArrayNode entries) {
        List<String> bodies = new ArrayList<>();
        entries.forEach(entry -> bodies.add(entry.path("body").asText()));
        TreeSet<String> topics = new TreeSet<>();
        for (Source source : Definitions.fromRegistry(bodies).orThrow().sources()) {
            topics.addAll(source.topics());
        }
        return topics;
    }

    /** JSON is YAML. */
    private String config(TrainingSpec spec, RunFolder folder, Iterable<String> topics, ProfileNeeds needs) {
        Path path = folder.path().toAbsolutePath();
        ObjectNode root = JSON.createObjectNode();
        root.put("registry", registry.toAbsolutePath().toString());
        ObjectNode retrain = root.putObject("retrain");
        retrain.put("definitions", path.resolve(RunFolder.DEFINITIONS).toString());
        retrain.putObject("warehouse")
                .put("path", warehouse.path().toAbsolutePath().toString())
                .put("catalog", warehouse.catalog());
        retrain.put("model", spec.model()).put("version", spec.version());
        range(retrain.putObject("train"), spec.train());
        ArrayNode against = range(retrain.putObject("gate"), spec.gate()).putArray("against");
        spec.against().forEach(against::add);
        retrain.put("knownBy", spec.knownBy());
        ArrayNode until = retrain.putArray("until");
        topics.forEach(topic -> ends.of(topic)
                .forEach((partition, offset) -> until.addObject()
                        .put("topic", topic)
                        .put("partition", partition)
                        .put("offset", offset)));
        ArrayNode segments = retrain.putObject("profile")
                .put("window", needs.window().toMillis() + "ms")
                .put("topSegments", needs.topSegments())
                .putArray("segments");
        needs.segments().forEach(segments::add);
        retrain.put("folder", path.toString());
        retrain.put("result", path.resolve(RunFolder.RESULT).toString());
        return root.toPrettyString();
    }

    private static ObjectNode range(ObjectNode to, TrainingSpec.Range range) {
        return to.put("from", range.from()).put("to", range.to());
    }

    private static ProfileNeeds needs(String model, Map<String, Definition> inForce) {
        return ProfileNeeds.of(
                model,
                inForce.values().stream()
                        .filter(definition -> definition.getKind().equals("Monitor"))
                        .map(definition -> Monitor.fromBody(definition.getBody()))
                        .toList());
    }

    private static Definition require(Map<String, Definition> inForce, String kind, String name) {
        Definition definition = inForce.get(Registry.key(kind, name));
        if (definition == null) {
            throw new IllegalArgumentException(
                    "the registry has no " + kind + " '" + name + "'; apply the definitions");
        }
        return definition;
    }
}
