package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers; a caller that has gone away is noted and nothing more. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    static void json(HttpServerResponse response, int status, String body) {
        if (response.closed()) {
            LOG.debug("the caller has gone; an answer {} was not sent", status);
            return;
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body)
                .onFailure(failure -> LOG.debug("an answer was not sent", failure));
    }

    /** An error as the protocol has it. */
    static void error(HttpServerResponse response, int status, String message) {
        json(
                response,
                status,
                JsonNodeFactory.instance.objectNode().put("error", message).toString());
    }
}
