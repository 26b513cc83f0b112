package dev.tidewheel.sidecar;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Speaks V2 with binary tensors and keeps what it was asked. Its probability is the share of inputs that are no NaN. */
final class StubModelServer implements AutoCloseable {
    /** How it answers. */
    enum Mood {
        WELL,
        NEVER,
        WITH_500,
        WITH_GARBAGE,
        WITH_TOO_FEW,
        WITH_NAN
    }

    /** One call. */
    record Call(String path, List<List<Float>> rows) {
        boolean isOf(String version) {
            return path.contains("/versions/" + version + "/");
        }
    }

    final List<Call> calls = new CopyOnWriteArrayList<>();
    volatile Mood mood = Mood.WELL;
    /** By version, where it differs from that of the others. */
    final Map<String, Mood> moods = new ConcurrentHashMap<>();

    /** Versions that it does not have yet. */
    final Set<String> unready = ConcurrentHashMap.newKeySet();

    private final Vertx vertx = Vertx.vertx();
    private HttpServer http;

    StubModelServer start() {
        http = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)))
                .listen(0, "127.0.0.1")
                .await();
        return this;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + http.actualPort());
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private void handle(HttpServerRequest request, Buffer body) {
        if (request.path().endsWith("/ready")) {
            String version = request.path().replaceAll(".*/versions/(.*)/ready", "$1");
            request.response()
                    .setStatusCode(unready.contains(version) ? 503 : 200)
                    .end("{}");
            return;
        }
        String length = request.getHeader("Inference-Header-Content-Length");
        if (length == null) {
            String echo = request.method() + " " + request.uri() + " " + request.getHeader("x-own") + " " + body;
            request.response().setStatusCode(203).putHeader("x-stub", "yes").end(echo);
            return;
        }
        List<List<Float>> rows = rows(body, Integer.parseInt(length));
        calls.add(new Call(request.path(), rows));
        String version = request.path().replaceAll(".*/versions/(.*)/infer", "$1");
        switch (moods.getOrDefault(version, mood)) {
            case WELL ->
                answer(request, rows.stream().map(StubModelServer::probability).toList());
            case WITH_TOO_FEW -> answer(request, List.of());
            case WITH_NAN -> answer(request, rows.stream().map(row -> Float.NaN).toList());
            case WITH_500 -> request.response().setStatusCode(500).end("{\"error\":\"out of order\"}");
            case WITH_GARBAGE -> request.response().end("garbage");
            case NEVER -> {}
        }
    }

    static float probability(List<Float> row) {
        return row.stream().filter(value -> !value.isNaN()).count() / (float) row.size();
    }

    private static List<List<Float>> rows(Buffer body, int header) {
        JsonObject input =
                body.getBuffer(0, header).toJsonObject().getJsonArray("inputs").getJsonObject(0);
        JsonArray shape = input.getJsonArray("shape");
        List<List<Float>> rows = new CopyOnWriteArrayList<>();
        for (int row = 0; row < shape.getInteger(0); row++) {
            List<Float> values = new CopyOnWriteArrayList<>();
            for (int column = 0; column < shape.getInteger(1); column++) {
                values.add(body.getFloatLE(header + 4 * (row * shape.getInteger(1) + column)));
            }
            rows.add(values);
        }
        return rows;
    }

    private static void answer(HttpServerRequest request, List<Float> probabilities) {
        JsonObject output = new JsonObject()
                .put("name", "probability")
                .put("datatype", "FP32")
                .put("shape", new JsonArray().add(probabilities.size()).add(1))
                .put("parameters", new JsonObject().put("binary_data_size", 4 * probabilities.size()));
        Buffer header =
                new JsonObject().put("outputs", new JsonArray().add(output)).toBuffer();
        Buffer body = Buffer.buffer().appendBuffer(header);
        probabilities.forEach(body::appendFloatLE);
        request.response()
                .putHeader("Inference-Header-Content-Length", Integer.toString(header.length()))
                .end(body);
    }
}
