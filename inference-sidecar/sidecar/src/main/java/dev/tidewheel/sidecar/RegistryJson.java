package dev.tidewheel.sidecar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import java.util.Map;

/** Reads what the registry holds; what is missing or of another shape is an {@link IllegalArgumentException} that names it. */
final class RegistryJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RegistryJson() {}

    static Definition require(Map<String, Definition> definitions, String kind, String name) {
        Definition definition = definitions.get(Registry.key(kind, name));
        if (definition == null) {
            throw new IllegalArgumentException("the registry has no " + kind + " '" + name + "'");
        }
        return definition;
    }

    static JsonNode body(Map<String, Definition> definitions, String kind, String name) {
        try {
            return JSON.readTree(require(definitions, kind, name).getBody());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(kind + " '" + name + "' is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static String text(JsonNode body, String field, String what) {
        JsonNode value = body.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(what + " has no text '" + field + "'");
        }
        return value.asText();
    }
}
