package dev.tidewheel.modelserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.OpsConfig;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A running model server and a client of it. */
final class ServerFixture implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    final PrometheusRegistry metrics = new PrometheusRegistry();
    final ModelServer server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();

    private ServerFixture(ModelServerConfig config) throws Exception {
        server = ModelServer.start(config, metrics);
    }

    static ServerFixture start(Path registry) throws Exception {
        return start(registry, 2, 256, Duration.ofSeconds(20), 2);
    }

    static ServerFixture start(Path registry, int workers, int queue, Duration deadline, int maxLoaded)
            throws Exception {
        return new ServerFixture(new ModelServerConfig(
                new ModelServerConfig.Listen("127.0.0.1", 0),
                registry,
                new OpsConfig("127.0.0.1", 0),
                workers,
                queue,
                deadline,
                new DataSize(64 << 10),
                maxLoaded,
                Duration.ofMillis(20)));
    }

    /** An answer: its status, and its body both ways. */
    record Reply(int status, byte[] body, HttpResponse<byte[]> http) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + text(), e);
            }
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String error() {
            return json().path("error").asText("no error in " + text());
        }
    }

    Reply get(String path) throws Exception {
        return send(request(path).GET());
    }

    Reply post(String path, String json) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Reply post(String path, byte[] body, int jsonBytes) throws Exception {
        return send(request(path)
                .header("Inference-Header-Content-Length", Integer.toString(jsonBytes))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    CompletableFuture<Integer> statusLater(String path, String json) {
        HttpRequest request =
                request(path).POST(HttpRequest.BodyPublishers.ofString(json)).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(DEADLINE);
    }

    Reply send(HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), response.body(), response);
    }

    @Override
    public void close() {
        server.close();
    }
}
