package dev.tidewheel.agent.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A training as the lifecycle asks for it.
 *
 * @param run names the run's folder
 * @param version to register
 * @param train ISO-8601 times of the questions to learn from
 * @param gate times of those to judge on
 * @param against versions that are judged on the same
 * @param knownBy what became known later is not used
 */
public record TrainingSpec(
        String run, String model, String version, Range train, Range gate, List<String> against, String knownBy) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SLOT = "training/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public TrainingSpec {
        against = List.copyOf(against);
        if (!NAME.matcher(run).matches()) {
            throw new IllegalArgumentException("not a run: '" + run + "'");
        }
    }

    /** From a moment to before another. */
    public record Range(String from, String to) {}

    /** The name of a slot's run. */
    static String run(String slot) {
        if (!slot.startsWith(SLOT)
                || !NAME.matcher(slot.substring(SLOT.length())).matches()) {
            throw new IllegalArgumentException("not the slot of a training: '" + slot + "'");
        }
        return slot.substring(SLOT.length());
    }

    /**
     * Reads a spec.
     *
     * @throws IllegalArgumentException if something is missing
     */
    static TrainingSpec read(String slot, String json) {
        try {
            JsonNode spec = JSON.readTree(json);
            List<String> against = new ArrayList<>();
            spec.path("gate").path("against").forEach(version -> against.add(version.asText()));
            return new TrainingSpec(
                    run(slot),
                    text(spec, "model"),
                    text(spec, "version"),
                    range(spec, "train"),
                    range(spec, "gate"),
                    against,
                    text(spec, "knownBy"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the spec is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Range range(JsonNode spec, String field) {
        return new Range(text(spec.path(field), "from"), text(spec.path(field), "to"));
    }

    private static String text(JsonNode node, String field) {
        if (!node.path(field).isTextual()) {
            throw new IllegalArgumentException("the spec has no text '" + field + "': " + node);
        }
        return node.path(field).textValue();
    }
}
