package dev.tidewheel.runtime.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The registry's records that speak of what serves: versions of a model with their profiles and the definitions that they
 * were trained with, and which of them get requests. Bodies are canonical: the same contents give the same bytes, and so
 * the same hash. All methods are pure.
 */
public final class ServingRecords {
    public static final String MODEL_VERSION = "ModelVersion";
    public static final String PROFILE = "Profile";
    public static final String SERVICE_PIN = "ServicePin";
    public static final String MODEL_ALIAS = "ModelAlias";
    public static final String TRAFFIC = "Traffic";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private ServingRecords() {}

    /**
     * A share of the requests that a version on trial answers.
     *
     * @param share between 0 and 1
     */
    public record Canary(String version, double share) {}

    /**
     * A registered version.
     *
     * @param json its {@code model.json}, in any layout
     * @param profile id of the profile of its training set; empty to keep what the file says, if anything
     */
    public static Definition modelVersion(
            String model, String version, String json, Optional<String> profile, long now) {
        Map<String, Object> body = object(json);
        profile.ifPresent(id -> body.put("profile", id));
        return record(MODEL_VERSION, model + "." + version, write(body), now);
    }

    /** Which profile a version carries, by the id that its own record names; empty if it names none. */
    public static Optional<String> profileOf(Definition modelVersion) {
        JsonNode id = tree(modelVersion.getBody()).path("profile");
        return id.isTextual() ? Optional.of(id.asText()) : Optional.empty();
    }

    /**
     * The reference profile of a version's training set.
     *
     * @param json canonical already: the record's hash, its id, is that of these bytes
     */
    public static Definition profile(String model, String version, String json, long now) {
        return record(PROFILE, model + "." + version, json, now);
    }

    /**
     * A service with its views and their sources as they are in force, so that a version that was trained on it can be
     * served when they have moved on.
     *
     * @param service its name
     * @param inForce the registry, by kind/name
     * @throws IllegalArgumentException if the registry lacks one of them
     */
    public static Definition servicePin(String service, Map<String, Definition> inForce, long now) {
        Definition root = require(inForce, "FeatureService", service);
        TreeMap<String, Definition> pinned = new TreeMap<>();
        pinned.put(Registry.key(root.getKind(), root.getName()), root);
        for (String name : viewsOf(root)) {
            Definition view = require(inForce, "FeatureView", name);
            pinned.put(Registry.key(view.getKind(), view.getName()), view);
            Definition source = require(
                    inForce,
                    "Source",
                    tree(view.getBody()).path("spec").path("source").asText());
            pinned.put(Registry.key(source.getKind(), source.getName()), source);
        }
        ArrayNode body = JSON.createArrayNode();
        pinned.values().forEach(definition -> body.add(entry(definition)));
        return record(SERVICE_PIN, root.getHash(), write(body), now);
    }

    /** Which version is champion, for readers that know no {@link #traffic}. */
    public static Definition champion(String model, String version, long now) {
        return record(
                MODEL_ALIAS,
                model + ".champion",
                write(new TreeMap<>(Map.of("model", model, "version", version))),
                now);
    }

    /**
     * Which versions get the model's requests.
     *
     * @param generation grows with each change
     * @param champion answers what the canary does not
     * @param shadow is asked too, and its answer kept from the caller
     */
    public static Definition traffic(
            String model,
            long generation,
            String champion,
            Optional<String> shadow,
            Optional<Canary> canary,
            long now) {
        TreeMap<String, Object> body = new TreeMap<>();
        body.put("model", model);
        body.put("generation", generation);
        body.put("champion", champion);
        body.put("shadow", shadow.orElse(null));
        body.put(
                "canary",
                canary.map(part -> new TreeMap<>(Map.of("version", part.version(), "share", part.share())))
                        .orElse(null));
        return record(TRAFFIC, model, write(body), now);
    }

    private static Iterable<String> viewsOf(Definition service) {
        TreeSet<String> views = new TreeSet<>();
        tree(service.getBody())
                .path("spec")
                .path("views")
                .forEach(read -> views.add(read.path("view").asText()));
        return views;
    }

    private static ObjectNode entry(Definition definition) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("body", definition.getBody());
        ArrayNode columns = entry.putArray("columns");
        for (DefinedColumn column : definition.getColumns()) {
            columns.addObject().put("name", column.getName()).put("type", column.getType());
        }
        entry.put("hash", definition.getHash());
        entry.put("kind", definition.getKind());
        entry.put("lineage", definition.getLineage());
        entry.put("name", definition.getName());
        return entry;
    }

    private static Definition require(Map<String, Definition> inForce, String kind, String name) {
        Definition definition = inForce.get(Registry.key(kind, name));
        if (definition == null) {
            throw new IllegalArgumentException("the registry has no " + kind + " '" + name + "'");
        }
        return definition;
    }

    private static Definition record(String kind, String name, String body, long now) {
        return new Definition(kind, name, hash(body), body, 0L, List.of(), now);
    }

    private static Map<String, Object> object(String json) {
        try {
            return JSON.readValue(json, new TypeReference<TreeMap<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain data cannot be written", e);
        }
    }

    static String hash(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
