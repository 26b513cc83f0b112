package dev.tidewheel.modelserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.modelserver.TestModels;
import dev.tidewheel.modelserver.model.ModelFolder;
import dev.tidewheel.modelserver.model.ModelStore;
import dev.tidewheel.runtime.ops.Health;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One worker, held back by the test, and room for one waiting request. */
class OverloadTest {

    private static final String BODY =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[0,0]}]}";

    @TempDir
    Path registry;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Workers workers = new Workers(1, 1);
    private final CountDownLatch release = new CountDownLatch(1);
    private Vertx vertx;
    private ModelStore store;

    @BeforeEach
    void start() throws Exception {
        TestModels.register(registry, "late", "1", TestModels.logistic(1, 0));
        vertx = Vertx.vertx();
        store = new ModelStore(new ModelFolder(registry), 1);
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        workers.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        store.close();
    }

    @Test
    void more_than_the_queue_holds_is_refused_and_the_rest_answered() throws Exception {
        int port = serve(Duration.ofSeconds(20));
        occupyWorker();
        var waiting = client.sendAsync(infer(port), HttpResponse.BodyHandlers.ofString());
        awaitFullQueue();

        HttpResponse<String> refused = client.send(infer(port), HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("{\"error\":\"the server is busy: 1 requests are waiting");
        assertThat(get(port, "/v2/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(port, "/v2/health/live").statusCode()).isEqualTo(200);

        release.countDown();
        assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(get(port, "/v2/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void at_the_deadline_the_answer_is_504() throws Exception {
        int port = serve(Duration.ofMillis(50));
        occupyWorker();
        HttpResponse<String> late = client.send(infer(port), HttpResponse.BodyHandlers.ofString());
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(late.body()).isEqualTo("{\"error\":\"no answer within 50 ms\"}");
        assertThat(store.size()).as("models loaded").isZero();
    }

    private int serve(Duration deadline) throws Exception {
        OipHandler handler = new OipHandler(
                vertx,
                new OipHandler.Limits(1, 1, deadline.toMillis(), 1 << 16),
                workers,
                new ModelFolder(registry),
                store,
                new PrometheusRegistry(),
                () -> Health.up("by the test"));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return server.actualPort();
    }

    private void occupyWorker() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        workers.submit(() -> {
            started.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitFullQueue() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!workers.full()) {
            assertThat(System.nanoTime())
                    .as("the request did not arrive within 20 s")
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static HttpRequest infer(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/models/late/infer"))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
