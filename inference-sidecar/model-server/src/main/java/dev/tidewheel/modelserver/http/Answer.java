package dev.tidewheel.modelserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.modelserver.protocol.ProtocolException;
import dev.tidewheel.modelserver.protocol.ResponseEncoder.Body;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP answer, ready to send.
 *
 * @param jsonBytes length of the JSON part of {@code body}; shorter than it if binary tensors follow
 */
record Answer(int status, byte[] body, int jsonBytes) {

    private static final JsonMapper JSON = new JsonMapper();

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static Answer json(int status, JsonNode node) {
        byte[] body = node.toString().getBytes(StandardCharsets.UTF_8);
        return new Answer(status, body, body.length);
    }

    static Answer ok(Body body) {
        return new Answer(200, body.bytes(), body.jsonBytes());
    }

    /** The protocol's error object. */
    static Answer error(int status, String reason) {
        return json(status, object().put("error", reason));
    }

    static Answer error(ProtocolException e) {
        return error(e.status(), e.reason());
    }

    boolean binary() {
        return jsonBytes < body.length;
    }
}
