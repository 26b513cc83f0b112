package dev.tidewheel.sidecar;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request's body up to a bound. */
final class BoundedBody {
    private BoundedBody() {}

    /** Fails with a 413 as soon as the body is larger than the bound. */
    static Future<Buffer> read(HttpServerRequest http, int maxBytes) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        http.handler(part -> {
                    if (body.length() + part.length() <= maxBytes) {
                        body.appendBuffer(part);
                    } else {
                        whole.tryFail(new RequestProblem(413, "the body is larger than " + maxBytes + " bytes"));
                    }
                })
                .exceptionHandler(whole::tryFail)
                .endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }
}
