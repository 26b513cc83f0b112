package dev.tidewheel.sidecar;

import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.erase.ErasedInferences;
import dev.tidewheel.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Asks one version about a request: reads its features, or takes those already read, asks the model, logs one record per
 * row, however it ended. Runs on Vert.x event loops and never blocks them.
 */
final class Scoring {
    private static final Logger LOG = LoggerFactory.getLogger(Scoring.class);

    private final VectorReader vectors;
    private final Map<Arm, ModelClient> models;
    private final InferenceRecords records;
    private final InferenceLog log;
    private final SidecarMetrics metrics;

    /** @param models one per arm: a slow version must not take the connections of another */
    Scoring(
            VectorReader vectors,
            Map<Arm, ModelClient> models,
            InferenceRecords records,
            InferenceLog log,
            SidecarMetrics metrics) {
        this.vectors = vectors;
        this.models = Map.copyOf(models);
        this.records = records;
        this.log = log;
        this.metrics = metrics;
    }

    /**
     * How a version's part in a request ended.
     *
     * @param logged completes with whether Kafka has all of its records
     */
    record Scored(Passage passage, InferenceRecords.Ending ending, CompletableFuture<Boolean> logged) {
        boolean ok() {
            return ending.status() == InferenceStatus.OK;
        }
    }

    /** Reads the features and asks the model. Never fails. */
    Future<Scored> score(Passage passage) {
        long begun = System.nanoTime();
        return Future.succeededFuture()
                .compose(start -> vectors.read(
                        passage.serving(), passage.request(), passage.admitted().t(), Vertx.currentContext()))
                .compose(
                        read -> {
                            passage.read(read, System.nanoTime() - begun);
                            metrics.read(passage, System.nanoTime() - begun);
                            return ask(passage, read);
                        },
                        failure -> {
                            passage.unread(System.nanoTime() - begun);
                            return Future.succeededFuture(failed(passage, failure));
                        })
                .map(ending -> log(passage, ending));
    }

    /** Asks the model with what another version's part has read. Never fails. */
    Future<Scored> scoreAs(Passage former, Passage passage) {
        passage.readAs(former);
        return ask(passage, passage.vectors()).map(ending -> log(passage, ending));
    }

    private Future<InferenceRecords.Ending> ask(Passage passage, List<Vector> read) {
        long begun = System.nanoTime();
        ModelClient model = Objects.requireNonNull(models.get(passage.arm()));
        return Future.succeededFuture()
                .compose(start ->
                        model.predict(passage.serving(), passage.request().id(), read))
                .map(predictions -> new InferenceRecords.Ending(InferenceStatus.OK, null, predictions))
                .otherwise(failure -> failed(passage, failure))
                .onComplete(ended -> {
                    passage.modelTook(System.nanoTime() - begun);
                    metrics.took("model", passage.arm(), System.nanoTime() - begun);
                });
    }

    private Scored log(Passage passage, InferenceRecords.Ending ending) {
        List<Inference> rows = records.of(passage, ending, passage.timing(System.nanoTime()));
        metrics.erased(
                passage.arm(), rows.stream().filter(ErasedInferences::isOne).count());
        return new Scored(passage, ending, log.append(rows));
    }

    private static InferenceRecords.Ending failed(Passage passage, Throwable failure) {
        String cause = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String message = passage.hasRead() ? cause : "features could not be read: " + cause;
        report(passage, message, failure);
        return new InferenceRecords.Ending(statusOf(failure, passage.hasRead()), message, null);
    }

    private static InferenceStatus statusOf(Throwable failure, boolean hasFeatures) {
        if (failure instanceof ModelFailure model) {
            return model.kind() == ModelFailure.Kind.TIMEOUT
                    ? InferenceStatus.MODEL_TIMEOUT
                    : InferenceStatus.MODEL_ERROR;
        }
        return hasFeatures ? InferenceStatus.OTHER : InferenceStatus.FEATURES_UNAVAILABLE;
    }

    /** What the store or the model server may do any day needs no stack trace; anything else is a defect and does. */
    private static void report(Passage passage, String message, Throwable failure) {
        InferRequest request = passage.request();
        try (var id = MDC.putCloseable("requestId", request.id());
                var trace = MDC.putCloseable("traceId", request.traceId().orElse(""))) {
            boolean expected = failure instanceof ModelFailure || failure instanceof StoreUnavailableException;
            if (!expected) {
                LOG.error("{} failed: {}", passage.arm().label(), message, failure);
            } else if (passage.arm() == Arm.SHADOW) {
                LOG.debug("shadow failed: {}", message); // Nobody waits for it, and the log of inferences has it.
            } else {
                LOG.warn("{} failed: {}", passage.arm().label(), message);
            }
        }
    }
}
