package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.ops.HealthChecks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The address that callers use. Answers Open Inference Protocol V2 for the model that it serves, and passes everything
 * else to the model server untouched.
 */
final class SidecarServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DEADLINE_SECONDS = 10;

    private final SidecarConfig config;
    private final InferHandler infer;
    private final ModelProxy proxy;
    private final TrafficFollower traffic;
    private final HealthChecks ready;
    private final SidecarMetrics metrics;
    private final HttpServer http;

    private SidecarServer(
            Vertx vertx,
            SidecarConfig config,
            InferHandler infer,
            ModelProxy proxy,
            TrafficFollower traffic,
            HealthChecks ready,
            SidecarMetrics metrics) {
        this.config = config;
        this.infer = infer;
        this.proxy = proxy;
        this.traffic = traffic;
        this.ready = ready;
        this.metrics = metrics;
        this.http = vertx.createHttpServer(new HttpServerOptions()
                .setHost(config.listen().host())
                .setPort(config.listen().port())
                .setTcpNoDelay(true));
    }

    /** @throws IOException if the address cannot be listened on; the message names it */
    static SidecarServer start(
            Vertx vertx,
            SidecarConfig config,
            InferHandler infer,
            ModelProxy proxy,
            TrafficFollower traffic,
            HealthChecks ready,
            SidecarMetrics metrics)
            throws IOException {
        SidecarServer server = new SidecarServer(vertx, config, infer, proxy, traffic, ready, metrics);
        SidecarConfig.Listen listen = config.listen();
        String failed = "cannot listen on " + listen.host() + ":" + listen.port() + ": ";
        try {
            server.http
                    .requestHandler(server::route)
                    .listen()
                    .recover(failure -> Future.failedFuture(
                            new UncheckedIOException(new IOException(failed + failure.getMessage(), failure))))
                    .await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (TimeoutException e) {
            throw new IOException(failed + "no answer from the system", e);
        }
        return server;
    }

    int port() {
        return http.actualPort();
    }

    /** Takes no more connections and lets the requests under way end. */
    @Override
    public void close() throws TimeoutException {
        http.shutdown(DEADLINE_SECONDS, TimeUnit.SECONDS).await(DEADLINE_SECONDS + 1, TimeUnit.SECONDS);
    }

    private void route(HttpServerRequest request) {
        String model = "/v2/models/" + config.model();
        String path = request.path() == null ? "" : request.path();
        if (path.equals(model + "/infer")) {
            routeInfer(request);
        } else if (!request.method().equals(HttpMethod.GET)) {
            proxy.forward(request);
        } else if (path.equals("/v2")) {
            answer(request, 200, server());
        } else if (path.equals("/v2/health/live")) {
            answer(request, 200, JSON.createObjectNode().put("live", true));
        } else if (path.equals("/v2/health/ready") || path.equals(model + "/ready")) {
            answerReady(request);
        } else if (path.equals(model)) {
            answerServed(request, state -> metadata(served(state)));
        } else if (path.equals("/tidewheel/v1/models/" + config.model() + "/traffic")) {
            answerServed(request, state -> TrafficJson.of(config.model(), served(state), state));
        } else {
            proxy.forward(request);
        }
    }

    private void routeInfer(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.POST)) {
            infer.handle(request, config.listen().maxBodyBytes());
        } else {
            refuse(request, 405, "ask with POST");
        }
    }

    private void answerReady(HttpServerRequest request) {
        Map<String, Health> down = ready.ask().entrySet().stream()
                .filter(check -> !check.getValue().ok())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (down.isEmpty()) {
            answer(request, 200, JSON.createObjectNode().put("ready", true));
        } else {
            String reasons = down.values().stream().map(Health::reason).sorted().collect(Collectors.joining("; "));
            refuse(request, 503, reasons);
        }
    }

    private void answerServed(HttpServerRequest request, Function<TrafficFollower.State, ObjectNode> body) {
        try {
            answer(request, 200, body.apply(traffic.state()));
        } catch (RequestProblem notReady) {
            refuse(request, notReady.status(), String.valueOf(notReady.getMessage()));
        }
    }

    private static Traffic served(TrafficFollower.State state) {
        return state.traffic().orElseThrow(() -> RequestProblem.unavailable("not ready: " + state.reason()));
    }

    private static ObjectNode server() {
        ObjectNode body =
                JSON.createObjectNode().put("name", "tidewheel-sidecar").put("version", "2");
        body.putArray("extensions");
        return body;
    }

    /** What a caller sends and gets, not the tensor that the model sees. */
    private static ObjectNode metadata(Traffic traffic) {
        Serving serving = traffic.champion();
        ObjectNode body = JSON.createObjectNode().put("name", serving.model()).put("platform", "tidewheel-sidecar");
        ArrayNode versions = body.putArray("versions").add(serving.version());
        traffic.canary().ifPresent(canary -> versions.add(canary.serving().version()));
        ArrayNode inputs = body.putArray("inputs");
        serving.entities().forEach(entity -> tensor(inputs, entity, "BYTES"));
        for (Column column : serving.service().request().columns()) {
            tensor(inputs, column.name(), datatype(column));
        }
        tensor(body.putArray("outputs"), "probability", "FP32").add(1);
        return body;
    }

    private static ArrayNode tensor(ArrayNode tensors, String name, String datatype) {
        return tensors.addObject()
                .put("name", name)
                .put("datatype", datatype)
                .putArray("shape")
                .add(-1);
    }

    private static String datatype(Column column) {
        return switch (column.type()) {
            case INT64, TIMESTAMP -> "INT64";
            case FLOAT64 -> "FP64";
            case BOOL -> "BOOL";
            case STRING, JSON -> "BYTES";
        };
    }

    private void answer(HttpServerRequest request, int status, ObjectNode body) {
        metrics.answered(status);
        Answers.json(request.response(), status, body.toString());
    }

    private void refuse(HttpServerRequest request, int status, String message) {
        metrics.answered(status);
        Answers.error(request.response(), status, message);
    }
}
