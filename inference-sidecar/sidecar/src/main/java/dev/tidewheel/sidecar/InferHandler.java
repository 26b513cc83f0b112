package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.clock.Clock;
import dev.tidewheel.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Answers {@code POST /v2/models/{model}/infer}: admits, reads features, asks the model, logs, answers. One record per row
 * reaches the log for every request whose rows were understood, however it ended. Runs on Vert.x event loops and never
 * blocks them.
 */
final class InferHandler {
    private static final Logger LOG = LoggerFactory.getLogger(InferHandler.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<Serving> serving;
    private final Admission admission;
    private final Clock wall;
    private final InferRequestParser parser;
    private final VectorReader vectors;
    private final ModelClient model;
    private final InferenceRecords records;
    private final InferenceLog log;
    private final boolean acknowledge;
    private final SidecarMetrics metrics;

    InferHandler(
            Supplier<Serving> serving,
            Admission admission,
            Clock wall,
            InferRequestParser parser,
            VectorReader vectors,
            ModelClient model,
            InferenceRecords records,
            InferenceLog log,
            boolean acknowledge,
            SidecarMetrics metrics) {
        this.serving = serving;
        this.admission = admission;
        this.wall = wall;
        this.parser = parser;
        this.vectors = vectors;
        this.model = model;
        this.records = records;
        this.log = log;
        this.acknowledge = acknowledge;
        this.metrics = metrics;
    }

    /** A request on its way: what is known of it so far. */
    private static final class Passage {
        private final Serving serving;
        private final InferRequest request;
        private final long t;
        private final long admittedAt;
        private final long begun;
        private long featuresDone;
        private long modelDone;
        private List<Vector> vectors = List.of();

        Passage(Serving serving, InferRequest request, long t, long admittedAt, long begun) {
            this.serving = serving;
            this.request = request;
            this.t = t;
            this.admittedAt = admittedAt;
            this.begun = begun;
            this.featuresDone = begun;
            this.modelDone = begun;
        }

        InferenceRecords.Timing timing(long now) {
            return new InferenceRecords.Timing(
                    admittedAt,
                    (featuresDone - begun) / 1_000,
                    Math.max(0, modelDone - featuresDone) / 1_000,
                    (now - begun) / 1_000);
        }
    }

    private record Outcome(int status, ObjectNode body) {}

    /** Takes a request for the model that is served; the body is read here. */
    void handle(HttpServerRequest http, int maxBodyBytes) {
        long begun = System.nanoTime();
        BoundedBody.read(http, maxBodyBytes)
                .compose(body -> pass(http, body, begun))
                .otherwise(this::problem)
                .onSuccess(outcome -> answer(http, outcome, begun));
    }

    private Future<Outcome> pass(HttpServerRequest http, Buffer body, long begun) {
        Serving now = serving.get();
        long t = admission.admit(http.getHeader(Admission.TIME_HEADER));
        InferRequest request = parser.parse(
                body.getBytes(),
                http.getHeader("traceparent"),
                now.entities(),
                now.service().request());
        Passage passage = new Passage(now, request, t, wall.now(), begun);
        return readVectors(passage)
                .compose(read -> model.predict(now, request.id(), read))
                .map(predictions -> succeeded(passage, predictions))
                .otherwise(failure -> failed(passage, failure))
                .compose(ending -> log(passage, ending).map(logged -> outcome(passage, ending)));
    }

    private Future<List<Vector>> readVectors(Passage passage) {
        return vectors.read(passage.serving, passage.request, passage.t, Vertx.currentContext())
                .map(read -> {
                    passage.vectors = read;
                    passage.featuresDone = System.nanoTime();
                    metrics.took("features", passage.featuresDone - passage.begun);
                    metrics.served(passage.t, read);
                    return read;
                });
    }

    private InferenceRecords.Ending succeeded(Passage passage, double[] predictions) {
        passage.modelDone = System.nanoTime();
        metrics.took("model", passage.modelDone - passage.featuresDone);
        return new InferenceRecords.Ending(InferenceStatus.OK, null, predictions);
    }

    private InferenceRecords.Ending failed(Passage passage, Throwable failure) {
        passage.modelDone = System.nanoTime();
        boolean noFeatures = passage.vectors.isEmpty();
        if (noFeatures) {
            passage.featuresDone = passage.modelDone;
            passage.vectors = VectorReader.unavailable(passage.serving, passage.request);
        }
        String message = messageOf(failure, noFeatures);
        report(passage.request, message, failure);
        return new InferenceRecords.Ending(statusOf(failure, noFeatures), message, null);
    }

    private static Outcome outcome(Passage passage, InferenceRecords.Ending ending) {
        double[] predictions = ending.predictions();
        return predictions != null
                ? new Outcome(200, answerBody(passage, predictions))
                : new Outcome(httpStatus(ending.status()), error(ending.error()));
    }

    private static int httpStatus(InferenceStatus status) {
        return switch (status) {
            case MODEL_TIMEOUT -> 504;
            case MODEL_ERROR -> 502;
            default -> 503;
        };
    }

    private static InferenceStatus statusOf(Throwable failure, boolean noFeatures) {
        if (failure instanceof ModelFailure model) {
            return model.kind() == ModelFailure.Kind.TIMEOUT
                    ? InferenceStatus.MODEL_TIMEOUT
                    : InferenceStatus.MODEL_ERROR;
        }
        return noFeatures ? InferenceStatus.FEATURES_UNAVAILABLE : InferenceStatus.OTHER;
    }

    /** What the store or the model server may do any day needs no stack trace; anything else is a defect and does. */
    private static void report(InferRequest request, String message, Throwable failure) {
        try (var id = MDC.putCloseable("requestId", request.id());
                var trace = MDC.putCloseable("traceId", request.traceId().orElse(""))) {
            if (failure instanceof ModelFailure || failure instanceof StoreUnavailableException) {
                LOG.warn("request failed: {}", message);
            } else {
                LOG.error("request failed: {}", message, failure);
            }
        }
    }

    private static String messageOf(Throwable failure, boolean noFeatures) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return noFeatures ? "features could not be read: " + message : message;
    }

    /** Waits for Kafka only where the configuration says so. */
    private Future<Boolean> log(Passage passage, InferenceRecords.Ending ending) {
        CompletableFuture<Boolean> logged = log.append(records.of(
                passage.serving,
                passage.request,
                passage.t,
                passage.vectors,
                ending,
                passage.timing(System.nanoTime())));
        return acknowledge
                ? Future.fromCompletionStage(logged, Vertx.currentContext()).compose(InferHandler::requireLogged)
                : Future.succeededFuture(true);
    }

    private static Future<Boolean> requireLogged(boolean logged) {
        return logged
                ? Future.succeededFuture(true)
                : Future.failedFuture(RequestProblem.unavailable("the inference could not be logged; ask again"));
    }

    private static ObjectNode answerBody(Passage passage, double[] predictions) {
        ObjectNode body = JSON.createObjectNode()
                .put("model_name", passage.serving.model())
                .put("model_version", passage.serving.version())
                .put("id", passage.request.id());
        body.putObject("parameters").put("tidewheel_t", passage.t);
        ObjectNode output =
                body.putArray("outputs").addObject().put("name", "probability").put("datatype", "FP32");
        output.putArray("shape").add(predictions.length).add(1);
        ArrayNode data = output.putArray("data");
        for (double prediction : predictions) {
            data.add((float) prediction);
        }
        return body;
    }

    private Outcome problem(Throwable failure) {
        if (failure instanceof RequestProblem problem) {
            return new Outcome(problem.status(), error(String.valueOf(problem.getMessage())));
        }
        LOG.error("a request failed unexpectedly", failure);
        return new Outcome(500, error("internal error; see the sidecar's log"));
    }

    private static ObjectNode error(@Nullable String message) {
        return JSON.createObjectNode().put("error", message);
    }

    private void answer(HttpServerRequest http, Outcome outcome, long begun) {
        metrics.answered(outcome.status());
        metrics.took("total", System.nanoTime() - begun);
        Answers.json(http.response(), outcome.status(), outcome.body().toString());
    }
}
