package dev.tidewheel.modelserver.http;

import dev.tidewheel.modelserver.model.ModelFolder;
import dev.tidewheel.modelserver.model.ModelId;
import dev.tidewheel.modelserver.model.ModelStore;
import dev.tidewheel.modelserver.protocol.ProtocolException;
import dev.tidewheel.runtime.ops.Health;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes HTTP requests on the event loop, hands those that need a model to the workers, and gives exactly one answer to
 * each, at the deadline at the latest. Nothing that blocks runs on the event loop. A fault of ours is logged with its
 * trace and answered without it.
 */
public final class OipHandler implements Handler<HttpServerRequest>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OipHandler.class);
    static final String JSON_LENGTH_HEADER = "Inference-Header-Content-Length";

    /**
     * What bounds a request.
     *
     * @param workers threads that compute
     * @param queue requests that may wait for one
     * @param deadlineMillis from a request's last byte to its answer
     * @param maxBodyBytes largest body
     */
    public record Limits(int workers, int queue, long deadlineMillis, int maxBodyBytes) {}

    /** What a worker does for a request; the reference is set to the version meant, once that is known. */
    private interface Work {
        Answer answer(AtomicReference<@Nullable ModelId> meant) throws ProtocolException;
    }

    private final Vertx vertx;
    private final Limits limits;
    private final Supplier<Health> health;
    private final Workers workers;
    private final ServerMetrics metrics;
    private final Inference inference;

    /**
     * A handler that owns its workers and its metrics.
     *
     * @param registry where the metrics are registered
     * @param health what {@code /v2/health/ready} answers, if the queue is not full; must not block
     */
    public OipHandler(
            Vertx vertx,
            Limits limits,
            ModelFolder folder,
            ModelStore store,
            PrometheusRegistry registry,
            Supplier<Health> health) {
        this(vertx, limits, new Workers(limits.workers(), limits.queue()), folder, store, registry, health);
    }

    OipHandler(
            Vertx vertx,
            Limits limits,
            Workers workers,
            ModelFolder folder,
            ModelStore store,
            PrometheusRegistry registry,
            Supplier<Health> health) {
        this.vertx = vertx;
        this.limits = limits;
        this.health = health;
        this.workers = workers;
        this.metrics = new ServerMetrics(registry, workers::queued, store::size);
        this.inference = new Inference(folder, store, metrics);
    }

    @Override
    public void handle(HttpServerRequest request) {
        Optional<Route> route = Route.of(request.path());
        if (route.isEmpty()) {
            String reason = "there is no " + request.path() + "; this server speaks the Open Inference Protocol,"
                    + " version 2, under /v2";
            plain(request).answer(Answer.error(404, reason));
            return;
        }
        String method = route.get().post() ? "POST" : "GET";
        if (!request.method().name().equals(method)) {
            request.response().putHeader("Allow", method);
            plain(request).answer(Answer.error(405, request.path() + " is asked by " + method));
            return;
        }
        handle(request, route.get());
    }

    private void handle(HttpServerRequest request, Route route) {
        if (route instanceof Route.Server) {
            plain(request).answer(about());
        } else if (route instanceof Route.Live) {
            plain(request).answer(Answer.json(200, Answer.object().put("live", true)));
        } else if (route instanceof Route.Ready) {
            plain(request).answer(serverReady());
        } else if (route instanceof Route.Metadata asked) {
            work(
                    plain(request),
                    new AtomicReference<>(),
                    meant -> inference.metadata(inference.resolve(asked.model(), asked.version())));
        } else if (route instanceof Route.ModelReady asked) {
            work(
                    plain(request),
                    new AtomicReference<>(),
                    meant -> inference.ready(inference.resolve(asked.model(), asked.version())));
        } else if (route instanceof Route.Infer asked) {
            infer(request, asked);
        }
    }

    /** Whether there is room for one more request. */
    public Health capacity() {
        return workers.full()
                ? Health.down("all workers are busy and the queue is full")
                : Health.up(workers.queued() + " requests wait");
    }

    private Answer serverReady() {
        Health room = capacity();
        Health now = room.ok() ? health.get() : room;
        return now.ok()
                ? Answer.json(200, Answer.object().put("ready", true))
                : Answer.error(503, "not ready: " + now.reason());
    }

    private static Answer about() {
        String version = OipHandler.class.getPackage().getImplementationVersion();
        var body = Answer.object().put("name", "tidewheel-model-server").put("version", version == null ? "" : version);
        body.putArray("extensions").add("binary_tensor_data");
        return Answer.json(200, body);
    }

    private void infer(HttpServerRequest request, Route.Infer asked) {
        AtomicReference<@Nullable ModelId> meant = new AtomicReference<>();
        BoundedBody.read(
                request,
                limits.maxBodyBytes(),
                body -> work(timed(request, meant), meant, known -> {
                    Integer jsonBytes = jsonBytes(request);
                    ModelId id = inference.resolve(asked.model(), asked.version());
                    known.set(id);
                    return inference.infer(id, body, jsonBytes);
                }),
                () -> timed(request, meant)
                        .answerAndClose(Answer.error(
                                413, "the body is larger than " + limits.maxBodyBytes() + " bytes; send fewer rows")));
    }

    private static @Nullable Integer jsonBytes(HttpServerRequest request) throws ProtocolException {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProtocolException(415, "Content-Encoding " + encoding + " is not understood; send it as it is");
        }
        String length = request.getHeader(JSON_LENGTH_HEADER);
        if (length == null) {
            return null;
        }
        try {
            return Integer.valueOf(length.strip());
        } catch (NumberFormatException e) {
            throw ProtocolException.badRequest(JSON_LENGTH_HEADER + " is not a number of bytes: " + length);
        }
    }

    private Exchange plain(HttpServerRequest request) {
        return new Exchange(request, vertx.getOrCreateContext(), answer -> {});
    }

    private Exchange timed(HttpServerRequest request, AtomicReference<@Nullable ModelId> meant) {
        long start = System.nanoTime();
        return new Exchange(
                request,
                vertx.getOrCreateContext(),
                answer -> metrics.answered(meant.get(), answer.status(), System.nanoTime() - start));
    }

    private void work(Exchange exchange, AtomicReference<@Nullable ModelId> meant, Work work) {
        long timer = vertx.setTimer(limits.deadlineMillis(), expired -> exchange.answer(late()));
        try {
            workers.submit(() -> {
                // Nobody waits for it any more: the answer was 504.
                if (!exchange.isAnswered()) {
                    exchange.answer(answer(meant, work));
                }
                vertx.cancelTimer(timer);
            });
        } catch (ProtocolException e) {
            vertx.cancelTimer(timer);
            exchange.answer(Answer.error(e));
        }
    }

    private Answer late() {
        return Answer.error(504, "no answer within " + limits.deadlineMillis() + " ms");
    }

    private static Answer answer(AtomicReference<@Nullable ModelId> meant, Work work) {
        try {
            return work.answer(meant);
        } catch (ProtocolException e) {
            if (e.status() >= 500) {
                LOG.warn("answered {}: {}", e.status(), e.reason());
            }
            return Answer.error(e);
        } catch (RuntimeException | Error e) {
            LOG.error("a request could not be answered", e);
            return Answer.error(500, "the server failed on this request; its log says why");
        }
    }

    /** Refuses new requests and lets those accepted finish for a moment. */
    @Override
    public void close() {
        workers.close();
        metrics.close();
    }
}
