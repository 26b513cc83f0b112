package dev.tidewheel.lifecycle.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A state as canonical JSON, and back. For readers who know nothing of phases, the JSON also says {@code champion},
 * {@code settled}, {@code run} (of a training, else null) and {@code rollout} (else null); these follow from the rest, and
 * reading ignores them.
 */
public final class StateJson {
    private StateJson() {}

    public static String write(State state) {
        ObjectNode json = CanonicalJson.MAPPER.valueToTree(state);
        JsonNode phase = json.get("phase");
        json.put("champion", state.serving().champion().orElse(null));
        json.put("settled", state.settled());
        json.set("run", state.phase() instanceof Phase.Active ? phase.get("run") : json.nullNode());
        json.set("rollout", state.phase() instanceof Phase.Rollout ? phase : json.nullNode());
        return CanonicalJson.of(json);
    }

    /** @throws IllegalArgumentException if it is no state */
    public static State read(String json) {
        try {
            return CanonicalJson.MAPPER.readValue(json, State.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a lifecycle's state: " + e.getOriginalMessage(), e);
        }
    }
}
