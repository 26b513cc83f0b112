package dev.tidewheel.sidecar;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Passes what the sidecar does not answer itself to the model server and back, untouched and without holding bodies in
 * memory. Gives up when the model server is silent for the deadline.
 */
final class ModelProxy {
    /** They belong to one connection, not to the message (RFC 9110, 7.6.1). */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final HttpClient http;
    private final Duration deadline;
    private final SidecarMetrics metrics;

    ModelProxy(HttpClient http, Duration deadline, SidecarMetrics metrics) {
        this.http = http;
        this.deadline = deadline;
        this.metrics = metrics;
    }

    /** Called on the request's event loop, before its body is read. */
    void forward(HttpServerRequest in) {
        in.pause();
        RequestOptions options =
                new RequestOptions().setMethod(in.method()).setURI(in.uri()).setIdleTimeout(deadline.toMillis());
        http.request(options)
                .compose(out -> send(in, out))
                .compose(answer -> relay(answer, in.response()))
                .onFailure(failure -> refuse(in.response(), failure));
    }

    private static Future<HttpClientResponse> send(HttpServerRequest in, HttpClientRequest out) {
        copy(in.headers(), out.headers());
        if (!in.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            out.setChunked(true);
        }
        return out.send(in);
    }

    private Future<Void> relay(HttpClientResponse answer, HttpServerResponse response) {
        metrics.answered(answer.statusCode());
        response.setStatusCode(answer.statusCode());
        copy(answer.headers(), response.headers());
        if (!answer.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
        return answer.pipeTo(response);
    }

    private void refuse(HttpServerResponse response, Throwable failure) {
        if (response.headWritten()) {
            response.reset();
            return;
        }
        int status = failure instanceof TimeoutException ? 504 : 502;
        metrics.answered(status);
        Answers.error(response, status, "the model server gave no answer: " + failure.getMessage());
    }

    private static void copy(MultiMap from, MultiMap to) {
        from.forEach(header -> {
            if (!HOP_BY_HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                to.add(header.getKey(), header.getValue());
            }
        });
    }
}
