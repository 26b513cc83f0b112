package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks a model server over Open Inference Protocol V2 with binary tensors, because JSON has no NaN. Every call ends within
 * the deadline; a call whose connection was refused is tried once more, since the server cannot have seen it. Thread-safe.
 */
final class ModelClient implements AutoCloseable {
    /** Says where the JSON ends and the binary tensors begin. */
    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INPUT = "features";
    private static final String OUTPUT = "probability";

    private final HttpClient http;
    private final SidecarConfig.ModelServer server;

    ModelClient(Vertx vertx, SidecarConfig.ModelServer server) {
        this.server = server;
        HttpClientOptions options = new HttpClientOptions()
                .setDefaultHost(server.uri().getHost())
                .setDefaultPort(server.uri().getPort())
                .setSsl("https".equals(server.uri().getScheme()))
                .setKeepAlive(true)
                .setTcpNoDelay(true)
                .setConnectTimeout(
                        (int) Math.min(Integer.MAX_VALUE, server.deadline().toMillis()));
        http = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(server.connections()).setMaxWaitQueueSize(server.waiting()));
    }

    /** For other requests to the same server: they share its connections. */
    HttpClient http() {
        return http;
    }

    /** One probability per vector. Fails with {@link ModelFailure}. */
    Future<double[]> predict(Serving serving, String requestId, List<Vector> vectors) {
        Buffer tensor = Tensors.floats(serving, vectors);
        Buffer header = header(requestId, vectors.size(), serving.inputs().size(), tensor.length());
        Buffer body = Buffer.buffer(header.length() + tensor.length())
                .appendBuffer(header)
                .appendBuffer(tensor);
        String path = "/v2/models/" + serving.model() + "/versions/" + serving.version() + "/infer";
        return send(path, requestId, header.length(), body)
                .recover(failure -> failure instanceof ConnectException
                        ? send(path, requestId, header.length(), body)
                        : Future.failedFuture(failure))
                .timeout(server.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(ModelFailure.of(failure, server)))
                .map(answer -> probabilities(answer, vectors.size()));
    }

    /** Whether the server has a version ready; a server that does not answer has not. Never fails. */
    Future<Boolean> ready(String model, String version) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setURI("/v2/models/" + model + "/versions/" + version + "/ready")
                .setIdleTimeout(server.deadline().toMillis());
        return http.request(options)
                .compose(HttpClientRequest::send)
                .compose(response -> response.body().map(body -> response.statusCode() == 200))
                .timeout(server.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(false);
    }

    private record Answer(int headerLength, Buffer body) {}

    private Future<Answer> send(String path, String requestId, int headerLength, Buffer body) {
        // An answer that comes after the deadline finds nobody: its connection must not stay taken.
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setURI(path)
                .setIdleTimeout(server.deadline().toMillis());
        return http.request(options)
                .compose(request -> request.putHeader(HEADER_LENGTH, Integer.toString(headerLength))
                        .putHeader("Content-Type", "application/octet-stream")
                        .putHeader("X-Request-Id", requestId)
                        .send(body))
                .compose(response -> response.body().map(bytes -> answer(response, bytes)));
    }

    private static Answer answer(HttpClientResponse response, Buffer body) {
        if (response.statusCode() != 200) {
            String text = body.length() > 500 ? body.getString(0, 500) + "..." : body.toString();
            throw new ModelFailure(
                    ModelFailure.Kind.ERROR, "the model server answered " + response.statusCode() + ": " + text);
        }
        String length = response.getHeader(HEADER_LENGTH);
        try {
            return new Answer(length == null ? body.length() : Integer.parseInt(length), body);
        } catch (NumberFormatException e) {
            throw unusable(HEADER_LENGTH + " is '" + length + "', not a number");
        }
    }

    private static Buffer header(String id, int rows, int columns, int bytes) {
        ObjectNode root = JSON.createObjectNode().put("id", id);
        ObjectNode input =
                root.putArray("inputs").addObject().put("name", INPUT).put("datatype", "FP32");
        input.putArray("shape").add(rows).add(columns);
        input.putObject("parameters").put("binary_data_size", bytes);
        root.putArray("outputs")
                .addObject()
                .put("name", OUTPUT)
                .putObject("parameters")
                .put("binary_data", true);
        return Buffer.buffer(root.toString());
    }

    private static double[] probabilities(Answer answer, int rows) {
        try {
            JsonNode root = JSON.readTree(answer.body().getBytes(0, answer.headerLength()));
            JsonNode output = root.path("outputs").path(0);
            if (!output.path("name").asText().equals(OUTPUT)
                    || !output.path("datatype").asText().equals("FP32")) {
                throw unusable("the model's first output is not FP32 '" + OUTPUT + "'");
            }
            return output.path("parameters").has("binary_data_size")
                    ? binary(answer, rows)
                    : json(output.path("data"), rows);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw unusable("the model server's answer cannot be read: " + e.getMessage());
        }
    }

    private static double[] binary(Answer answer, int rows) {
        checkCount((answer.body().length() - answer.headerLength()) / 4, rows);
        double[] values = new double[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = checked(answer.body().getFloatLE(answer.headerLength() + 4 * row), row);
        }
        return values;
    }

    private static double[] json(JsonNode data, int rows) {
        checkCount(data.size(), rows);
        double[] values = new double[rows];
        for (int row = 0; row < rows; row++) {
            JsonNode value = data.get(row);
            values[row] = checked(value.isNumber() ? value.asDouble() : Double.NaN, row);
        }
        return values;
    }

    private static void checkCount(int given, int rows) {
        if (given != rows) {
            throw unusable("the model answered " + given + " values for " + rows + " rows");
        }
    }

    private static double checked(double probability, int row) {
        if (Double.isNaN(probability)) {
            throw unusable("the model's answer for row " + row + " is not a number");
        }
        return probability;
    }

    private static ModelFailure unusable(String message) {
        return new ModelFailure(ModelFailure.Kind.ERROR, message);
    }

    @Override
    public void close() throws java.util.concurrent.TimeoutException {
        http.close().await(5, TimeUnit.SECONDS);
    }
}
