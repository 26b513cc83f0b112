package dev.tidewheel.modelserver.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Collects a request's body up to a bound. For one request, on its event loop. */
final class BoundedBody {

    private final int maxBytes;
    private final Buffer collected = Buffer.buffer();
    private boolean tooLarge;

    private BoundedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Reads the body; one of the two is called, once, unless the caller goes away first.
     *
     * @param complete given all bytes
     * @param tooLarge called as soon as there are too many; the rest is dropped
     */
    static void read(HttpServerRequest request, int maxBytes, Consumer<byte[]> complete, Runnable tooLarge) {
        BoundedBody body = new BoundedBody(maxBytes);
        request.handler(chunk -> body.append(chunk, tooLarge));
        request.endHandler(nothing -> body.end(complete));
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            var unused = request.response().writeContinue();
        }
    }

    private void append(Buffer chunk, Runnable refuse) {
        if (tooLarge) {
            return;
        }
        if (collected.length() + (long) chunk.length() > maxBytes) {
            tooLarge = true;
            refuse.run();
            return;
        }
        collected.appendBuffer(chunk);
    }

    private void end(Consumer<byte[]> complete) {
        if (!tooLarge) {
            complete.accept(collected.getBytes());
        }
    }
}
