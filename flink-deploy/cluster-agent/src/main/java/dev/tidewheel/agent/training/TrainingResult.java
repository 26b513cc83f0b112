package dev.tidewheel.agent.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a trainer left behind: a failure that trying again cannot mend, or outputs.
 *
 * @param outputs texts as they are, everything else as JSON
 */
public record TrainingResult(Optional<String> failure, Map<String, String> outputs) {
    private static final JsonMapper JSON = new JsonMapper();

    public TrainingResult {
        outputs = Map.copyOf(outputs);
    }

    /**
     * Reads {@code result.json}.
     *
     * @throws IllegalArgumentException if it is no JSON object
     */
    static TrainingResult read(String json) {
        JsonNode root = object(json);
        if (root.has("failure")) {
            return new TrainingResult(Optional.of(root.path("failure").asText()), Map.of());
        }
        Map<String, String> outputs = new TreeMap<>();
        root.properties()
                .forEach(field -> outputs.put(
                        field.getKey(),
                        field.getValue().isTextual()
                                ? field.getValue().textValue()
                                : field.getValue().toString()));
        return new TrainingResult(Optional.empty(), outputs);
    }

    private static JsonNode object(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isObject()) {
                throw new IllegalArgumentException("a trainer's result is an object, not " + root);
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a trainer's result is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
