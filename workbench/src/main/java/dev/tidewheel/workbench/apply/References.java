package dev.tidewheel.workbench.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.runtime.registry.Registry;
import java.util.ArrayList;
import java.util.List;

/** Which definitions a definition names, read from its canonical JSON. */
public final class References {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What the definition of a changelog has beside that of any source: the upstream view and its source, whole. */
    private static final String CHANGELOG = "changelogOf";

    private References() {}

    /** By kind/name. */
    static List<String> of(RegistryEntry entry) {
        JsonNode spec = spec(entry.body());
        List<String> keys = new ArrayList<>();
        add(keys, "Source", spec.path("source"));
        spec.path("views").forEach(use -> add(keys, "FeatureView", use.path("view")));
        add(keys, "FeatureService", spec.path("service"));
        add(keys, "Source", spec.path("questions").path("source"));
        add(keys, "Model", spec.path("model"));
        return keys;
    }

    /** The source of a view. */
    static String source(String body) {
        return spec(body).path("source").asText();
    }

    /** Whether a source is the changelog of a view. */
    static boolean isChangelog(String body) {
        return spec(body).has(CHANGELOG);
    }

    /** The source of records that a source is computed from, over views that are chained: mostly itself. */
    static String origin(String body) {
        JsonNode source = spec(body).path(CHANGELOG).path("Source");
        return source.isMissingNode() ? body : origin(source.toString());
    }

    /** The topics of a source. */
    public static List<String> topics(String body) {
        JsonNode spec = spec(body);
        List<String> topics = new ArrayList<>();
        if (spec.has("kafka")) {
            topics.add(topic(spec));
        }
        spec.path("union").forEach(member -> topics.add(topic(member.path("source"))));
        return topics;
    }

    private static String topic(JsonNode input) {
        return input.path("kafka").path("topic").asText();
    }

    private static void add(List<String> keys, String kind, JsonNode name) {
        if (name.isTextual()) {
            keys.add(Registry.key(kind, name.asText()));
        }
    }

    private static JsonNode spec(String body) {
        try {
            return JSON.readTree(body).path("spec");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a definition is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
