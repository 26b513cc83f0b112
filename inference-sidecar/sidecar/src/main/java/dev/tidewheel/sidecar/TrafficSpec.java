package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.util.Map;
import java.util.Optional;

/**
 * What the registry wants to be served: the model's {@code Traffic} record, or without one its champion's alias alone.
 *
 * @param generation of the record; 0 for the alias
 * @param champion its version
 * @param shadow its version
 * @param canary its version and share
 */
record TrafficSpec(long generation, String champion, Optional<String> shadow, Optional<Canary> canary) {
    /**
     * @param version the version
     * @param share of the requests, above 0 and at most 1
     */
    record Canary(String version, double share) {
        Canary {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("a canary's share is above 0 and at most 1, got " + share);
            }
        }
    }

    /** @throws IllegalArgumentException if there is neither, or it cannot be understood */
    static TrafficSpec of(Map<String, Definition> definitions, String model) {
        if (definitions.containsKey(Registry.key(ServingRecords.TRAFFIC, model))) {
            return parse(RegistryJson.body(definitions, ServingRecords.TRAFFIC, model), "Traffic " + model);
        }
        JsonNode alias = RegistryJson.body(definitions, ServingRecords.MODEL_ALIAS, model + ".champion");
        String version = RegistryJson.text(alias, "version", "ModelAlias " + model + ".champion");
        return new TrafficSpec(0, version, Optional.empty(), Optional.empty());
    }

    /** The champion without the others, as of no generation. */
    TrafficSpec championAlone() {
        return new TrafficSpec(0, champion, Optional.empty(), Optional.empty());
    }

    private static TrafficSpec parse(JsonNode body, String what) {
        JsonNode generation = body.path("generation");
        if (!generation.canConvertToLong() || generation.asLong() < 1) {
            throw new IllegalArgumentException(what + " has no 'generation' from 1 on");
        }
        return new TrafficSpec(
                generation.asLong(),
                RegistryJson.text(body, "champion", what),
                body.hasNonNull("shadow") ? Optional.of(RegistryJson.text(body, "shadow", what)) : Optional.empty(),
                body.hasNonNull("canary") ? Optional.of(canary(body.path("canary"), what)) : Optional.empty());
    }

    private static Canary canary(JsonNode canary, String what) {
        JsonNode share = canary.path("share");
        if (!share.isNumber()) {
            throw new IllegalArgumentException(what + " has a canary without a 'share'");
        }
        return new Canary(RegistryJson.text(canary, "version", what + ", canary,"), share.asDouble());
    }
}
