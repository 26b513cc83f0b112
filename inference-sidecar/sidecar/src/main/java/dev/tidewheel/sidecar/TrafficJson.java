package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Says which traffic is applied, and which is wanted and is not. */
final class TrafficJson {
    private TrafficJson() {}

    /** @param traffic what is applied; {@code state} holds it */
    static ObjectNode of(String model, Traffic traffic, TrafficFollower.State state) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("model", model)
                .put("generation", traffic.generation())
                .put("champion", traffic.champion().version())
                .put("shadow", traffic.shadow().map(Serving::version).orElse(null));
        traffic.canary()
                .ifPresentOrElse(
                        canary -> body.putObject("canary")
                                .put("version", canary.serving().version())
                                .put("share", canary.share()),
                        () -> body.putNull("canary"));
        state.refused()
                .ifPresentOrElse(
                        refused -> body.putObject("refused")
                                .put("generation", refused.generation())
                                .put("reason", refused.reason()),
                        () -> body.putNull("refused"));
        return body;
    }
}
