package dev.tidewheel.agent.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.runtime.registry.ServingRecords.Canary;
import java.util.Objects;
import java.util.Optional;

/**
 * Which versions get a model's requests, as the lifecycle asks for it.
 *
 * @param champion answers what the canary does not
 * @param shadow is asked beside it
 * @param canary answers a share
 */
record TrafficSpec(String champion, Optional<String> shadow, Optional<Canary> canary) {
    private static final JsonMapper JSON = new JsonMapper();

    TrafficSpec {
        Objects.requireNonNull(champion, "champion");
    }

    /**
     * Reads a spec.
     *
     * @throws IllegalArgumentException if it is none
     */
    static TrafficSpec read(String json) {
        try {
            JsonNode spec = JSON.readTree(json);
            JsonNode canary = spec.path("canary");
            return new TrafficSpec(
                    text(spec, "champion"),
                    spec.path("shadow").isTextual() ? Optional.of(text(spec, "shadow")) : Optional.empty(),
                    canary.isObject()
                            ? Optional.of(new Canary(text(canary, "version"), share(canary)))
                            : Optional.empty());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the spec is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(JsonNode node, String field) {
        if (!node.path(field).isTextual()) {
            throw new IllegalArgumentException("the spec has no text '" + field + "': " + node);
        }
        return node.path(field).textValue();
    }

    private static double share(JsonNode canary) {
        double share = canary.path("share").asDouble(-1);
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("a canary's share lies between 0 and 1: " + canary);
        }
        return share;
    }
}
