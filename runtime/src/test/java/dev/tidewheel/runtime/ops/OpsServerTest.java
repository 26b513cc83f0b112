package dev.tidewheel.runtime.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.runtime.config.OpsConfig;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpsServerTest {
    private final HealthChecks live = new HealthChecks();
    private final HealthChecks ready = new HealthChecks();
    private OpsServer server;

    @BeforeEach
    void start() throws IOException {
        server = OpsServer.start(new OpsConfig("127.0.0.1", 0), live, ready);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void healthSaysWhy() throws Exception {
        ready.add("registry", () -> Health.down("still reading")).add("redis", () -> Health.up("answered"));
        JsonNode body = json(get("/health/ready", 503));
        assertThat(body.get("status").asText()).isEqualTo("DOWN");
        assertThat(body.at("/checks/registry/reason").asText()).isEqualTo("still reading");
        assertThat(body.at("/checks/redis/status").asText()).isEqualTo("UP");
        assertThat(json(get("/health/live", 200)).get("status").asText()).isEqualTo("UP");

        ready.add("registry", () -> Health.up("loaded"));
        assertThat(json(get("/health/ready", 200)).get("status").asText()).isEqualTo("UP");
    }

    @Test
    void aCheckThatThrowsIsDown() throws Exception {
        live.add("broken", () -> {
            throw new IllegalStateException("on purpose");
        });
        assertThat(json(get("/health/live", 503)).at("/checks/broken/reason").asText())
                .contains("on purpose");
    }

    @Test
    void servesTheMetricsOfTheProcess() throws Exception {
        Counter.builder()
                .name("ops_server_test_total")
                .help("For this test")
                .register()
                .inc(3);
        assertThat(get("/metrics", 200)).contains("ops_server_test_total 3.0").contains("jvm_memory_used_bytes");
    }

    @Test
    void twoServersShareTheRegistry() throws Exception {
        try (OpsServer second = OpsServer.start(new OpsConfig("127.0.0.1", 0), live, ready)) {
            assertThat(second.port()).isNotEqualTo(server.port());
        }
    }

    @Test
    void namesTheAddressThatIsTaken() {
        OpsConfig taken = new OpsConfig("127.0.0.1", server.port());
        assertThatThrownBy(() -> OpsServer.start(taken, live, ready))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + server.port());
    }

    private String get(String path, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response.body();
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
