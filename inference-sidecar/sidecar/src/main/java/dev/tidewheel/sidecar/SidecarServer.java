package dev.tidewheel.sidecar;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The address that callers use: V2's paths. */
final class SidecarServer implements AutoCloseable {
    private static final Pattern INFER = Pattern.compile("/v2/models/([^/]+)/infer");
    private static final Pattern READY = Pattern.compile("/v2/models/([^/]+)/ready");

    private final HttpServer http;

    private SidecarServer(HttpServer http) {
        this.http = http;
    }

    static SidecarServer start(
            Vertx vertx, SidecarConfig config, InferHandler infer, ServingFollower serving, SidecarMetrics metrics)
            throws IOException {
        SidecarConfig.Listen listen = config.listen();
        HttpServer http = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(listen.host())
                        .setPort(listen.port())
                        .setTcpNoDelay(true))
                .requestHandler(request -> route(request, listen, infer, serving, metrics));
        try {
            http.listen().await(10, TimeUnit.SECONDS);
        } catch (RuntimeException | TimeoutException e) {
            throw new IOException("cannot listen on " + listen.host() + ":" + listen.port() + ": " + e.getMessage(), e);
        }
        return new SidecarServer(http);
    }

    int port() {
        return http.actualPort();
    }

    @Override
    public void close() throws TimeoutException {
        http.close().await(10, TimeUnit.SECONDS);
    }

    private static void route(
            HttpServerRequest request,
            SidecarConfig.Listen listen,
            InferHandler infer,
            ServingFollower serving,
            SidecarMetrics metrics) {
        String path = request.path() == null ? "" : request.path();
        Matcher model = INFER.matcher(path);
        if (model.matches() && request.method().equals(HttpMethod.POST)) {
            infer.handle(request, model.group(1), listen.maxBodyBytes());
            return;
        }
        int status = statusOf(request, path, serving);
        metrics.answered(status);
        Answers.json(request.response(), status, bodyOf(path, status, serving));
    }

    private static int statusOf(HttpServerRequest request, String path, ServingFollower serving) {
        if (!request.method().equals(HttpMethod.GET)) {
            return INFER.matcher(path).matches() ? 405 : 404;
        }
        if (path.equals("/v2") || path.equals("/v2/health/live")) {
            return 200;
        }
        boolean asksReady =
                path.equals("/v2/health/ready") || READY.matcher(path).matches();
        return asksReady ? (serving.health().ok() ? 200 : 503) : 404;
    }

    private static String bodyOf(String path, int status, ServingFollower serving) {
        if (path.equals("/v2")) {
            return "{\"name\":\"tidewheel-sidecar\",\"version\":\"1\",\"extensions\":[]}";
        }
        return switch (status) {
            case 200 -> "{}";
            case 503 ->
                new io.vertx.core.json.JsonObject()
                        .put("error", serving.health().reason())
                        .encode();
            default -> "{\"error\":\"no such path; POST /v2/models/{model}/infer\"}";
        };
    }
}
