package dev.tidewheel.runtime.ops;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidewheel.runtime.config.OpsConfig;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves {@code /metrics} (Prometheus), {@code /health/live} (restart me if this fails) and {@code /health/ready} (send
 * me work only while this holds). Health answers 200 or 503, with each check's reason as JSON.
 *
 * <p>There is one metrics registry per process, {@link PrometheusRegistry#defaultRegistry}; the JVM's metrics are in it
 * as soon as a server has started.
 */
public final class OpsServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads;

    private OpsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** @throws IOException if the address cannot be listened on; the message names it */
    public static OpsServer start(OpsConfig config, HealthChecks live, HealthChecks ready) throws IOException {
        // Registers once per registry, however often it is called.
        JvmMetrics.builder().register(PrometheusRegistry.defaultRegistry);
        HttpServer server = bind(config);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "ops-http");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/metrics", new MetricsHandler(PrometheusRegistry.defaultRegistry));
        server.createContext("/health/live", exchange -> answer(exchange, live.ask()));
        server.createContext("/health/ready", exchange -> answer(exchange, ready.ask()));
        server.start();
        return new OpsServer(server, threads);
    }

    /** The port listened on: the configured one, or the free one taken for 0. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static HttpServer bind(OpsConfig config) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(config.host(), config.port()), 0);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + config.host() + ":" + config.port() + " for metrics and health: "
                            + e.getMessage(),
                    e);
        }
    }

    private static void answer(HttpExchange exchange, Map<String, Health> checks) throws IOException {
        boolean ok = checks.values().stream().allMatch(Health::ok);
        ObjectNode body = JSON.createObjectNode().put("status", status(ok));
        ObjectNode details = body.putObject("checks");
        checks.forEach((name, health) ->
                details.putObject(name).put("status", status(health.ok())).put("reason", health.reason()));
        byte[] bytes = JSON.writeValueAsBytes(body);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(ok ? 200 : 503, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String status(boolean ok) {
        return ok ? "UP" : "DOWN";
    }
}
