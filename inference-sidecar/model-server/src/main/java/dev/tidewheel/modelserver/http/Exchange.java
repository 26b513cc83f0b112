package dev.tidewheel.modelserver.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its one answer. The first answer counts, further ones are dropped: a worker and the deadline may both
 * have one. Answers may come from any thread; they are written on the request's event loop.
 */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final HttpServerRequest request;
    private final Context loop;
    private final Consumer<Answer> sent;
    private final AtomicBoolean answered = new AtomicBoolean();

    /**
     * An exchange without an answer.
     *
     * @param loop the request's event loop
     * @param sent told the answer that counts
     */
    Exchange(HttpServerRequest request, Context loop, Consumer<Answer> sent) {
        this.request = request;
        this.loop = loop;
        this.sent = sent;
    }

    /** Whether an answer has been given; work for it would be in vain. */
    boolean isAnswered() {
        return answered.get();
    }

    void answer(Answer answer) {
        if (answered.compareAndSet(false, true)) {
            sent.accept(answer);
            loop.runOnContext(nothing -> write(answer));
        }
    }

    /** Answers and ends the connection, for bodies that are not going to be read. */
    void answerAndClose(Answer answer) {
        request.response().putHeader("Connection", "close");
        answer(answer);
    }

    private void write(Answer answer) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        if (answer.binary()) {
            response.putHeader("Content-Type", "application/octet-stream");
            response.putHeader(OipHandler.JSON_LENGTH_HEADER, Integer.toString(answer.jsonBytes()));
        } else {
            response.putHeader("Content-Type", "application/json");
        }
        response.end(Buffer.buffer(answer.body()))
                .onFailure(e -> LOG.debug("the caller was gone before its answer: {}", e.toString()));
    }
}
