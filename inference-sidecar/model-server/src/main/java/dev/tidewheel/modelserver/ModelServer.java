package dev.tidewheel.modelserver;

import dev.tidewheel.modelserver.http.OipHandler;
import dev.tidewheel.modelserver.model.ModelFolder;
import dev.tidewheel.modelserver.model.ModelStore;
import dev.tidewheel.runtime.config.ConfigException;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.ops.HealthChecks;
import dev.tidewheel.runtime.ops.OpsServer;
import dev.tidewheel.runtime.process.GracefulStop;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the models of a registry folder over HTTP, Open Inference Protocol version 2. New versions are served without a
 * restart; without a version in its path, a request goes to the newest.
 *
 * <p>{@code ModelServer --config FILE} runs it as a process, see {@link ModelServerConfig}.
 */
public final class ModelServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
    private static final Duration START_DEADLINE = Duration.ofSeconds(30);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final GracefulStop stop;
    private final HttpServer http;
    private final RegistryWatch watch;
    private final OipHandler handler;

    private ModelServer(GracefulStop stop, HttpServer http, RegistryWatch watch, OipHandler handler) {
        this.stop = stop;
        this.http = http;
        this.watch = watch;
        this.handler = handler;
    }

    /**
     * Starts a server; it takes requests when this returns.
     *
     * @param metrics where its metrics are registered
     * @throws IOException if its address cannot be listened on; the message names it
     */
    public static ModelServer start(ModelServerConfig config, PrometheusRegistry metrics)
            throws IOException, InterruptedException {
        GracefulStop stop = GracefulStop.manual("model-server", STOP_DEADLINE);
        try {
            ModelFolder folder = new ModelFolder(config.registry());
            ModelStore store = stop.closing("models", new ModelStore(folder, config.maxLoaded()));
            RegistryWatch watch = stop.closing(
                    "registry watch", RegistryWatch.start(folder, store, config.registry(), config.poll()));
            Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
            stop.closing("vert.x", () -> await(vertx.close().toCompletionStage().toCompletableFuture()));
            OipHandler handler = stop.closing(
                    "requests", new OipHandler(vertx, limits(config), folder, store, metrics, watch::health));
            HttpServer http = listen(vertx, config.listen(), handler);
            LOG.info("serving {} models of {} on port {}", folder.models(), config.registry(), http.actualPort());
            return new ModelServer(stop, http, watch, handler);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            stop.close();
            throw e;
        }
    }

    private static OipHandler.Limits limits(ModelServerConfig config) {
        return new OipHandler.Limits(
                config.workers(),
                config.queue(),
                config.deadline().toMillis(),
                config.maxBody().toInt());
    }

    private static HttpServer listen(Vertx vertx, ModelServerConfig.Listen listen, OipHandler handler)
            throws IOException, InterruptedException {
        HttpServerOptions options =
                new HttpServerOptions().setTcpNoDelay(true).setIdleTimeout(60).setIdleTimeoutUnit(TimeUnit.SECONDS);
        try {
            return vertx.createHttpServer(options)
                    .requestHandler(handler)
                    .listen(listen.port(), listen.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("cannot listen on " + listen.host() + ":" + listen.port() + " for requests: " + e, e);
        }
    }

    private static void await(Future<?> future) throws Exception {
        future.get(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The port that requests are taken on. */
    public int port() {
        return http.actualPort();
    }

    /** The checks behind {@code /health/ready}. */
    public HealthChecks readiness() {
        return new HealthChecks().add("registry", watch::health).add("requests", handler::capacity);
    }

    @Override
    public void close() {
        stop.close();
    }

    /** Runs until the process is told to stop. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 2 || !args[0].equals("--config")) {
            System.err.println("usage: ModelServer --config FILE");
            System.exit(2);
        }
        GracefulStop stop = GracefulStop.onSignal("model-server", STOP_DEADLINE);
        try {
            ModelServerConfig config = ConfigLoader.load(Path.of(args[1]), ModelServerConfig.class);
            ModelServer server = stop.closing("server", start(config, PrometheusRegistry.defaultRegistry));
            HealthChecks live = new HealthChecks().add("process", () -> Health.up("running"));
            stop.closing("ops", OpsServer.start(config.ops(), live, server.readiness()));
            stop.awaitStop();
        } catch (ConfigException | IOException e) {
            System.err.println("model-server: " + e.getMessage());
            System.exit(1);
        }
    }
}
