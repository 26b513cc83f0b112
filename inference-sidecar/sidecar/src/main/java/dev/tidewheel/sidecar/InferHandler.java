package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.clock.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code POST /v2/models/{model}/infer}: admits, chooses the version, lets it score, has the shadow asked, answers.
 * One record per row and version asked reaches the log for every request whose rows were understood, however it ended. Runs
 * on Vert.x event loops and never blocks them.
 */
final class InferHandler {
    private static final Logger LOG = LoggerFactory.getLogger(InferHandler.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How requests are treated.
     *
     * @param acknowledge whether an answer waits for the log
     * @param fallback whether the champion answers what the canary failed on
     */
    record Rules(boolean acknowledge, boolean fallback) {}

    private final Supplier<Traffic> traffic;
    private final Admission admission;
    private final Clock wall;
    private final InferRequestParser parser;
    private final ErasureFollower erasures;
    private final Scoring scoring;
    private final Shadows shadows;
    private final Rules rules;
    private final SidecarMetrics metrics;

    InferHandler(
            Supplier<Traffic> traffic,
            Admission admission,
            Clock wall,
            InferRequestParser parser,
            ErasureFollower erasures,
            Scoring scoring,
            Shadows shadows,
            Rules rules,
            SidecarMetrics metrics) {
        this.traffic = traffic;
        this.admission = admission;
        this.wall = wall;
        this.parser = parser;
        this.erasures = erasures;
        this.scoring = scoring;
        this.shadows = shadows;
        this.rules = rules;
        this.metrics = metrics;
    }

    private record Outcome(int status, ObjectNode body, Optional<Arm> arm) {}

    /** The last that was asked answers; whoever was asked is logged. */
    private record Answered(Scoring.Scored scored, List<CompletableFuture<Boolean>> logged) {
        static Answered by(Scoring.Scored scored) {
            return new Answered(scored, List.of(scored.logged()));
        }

        Answered then(Scoring.Scored next) {
            List<CompletableFuture<Boolean>> all = new ArrayList<>(logged);
            all.add(next.logged());
            return new Answered(next, List.copyOf(all));
        }
    }

    /** Takes a request for the model that is served; the body is read here. */
    void handle(HttpServerRequest http, int maxBodyBytes) {
        long begun = System.nanoTime();
        BoundedBody.read(http, maxBodyBytes)
                .compose(body -> pass(http, body, begun))
                .otherwise(this::problem)
                .onSuccess(outcome -> answer(http, outcome, begun));
    }

    private Future<Outcome> pass(HttpServerRequest http, Buffer body, long begun) {
        Traffic now = traffic.get();
        long t = admission.admit(http.getHeader(Admission.TIME_HEADER));
        InferRequestParser.Parsed parsed = parser.parse(body.getBytes(), http.getHeader("traceparent"));
        InferRequest request = InferRequestParser.of(parsed, now.champion(), now.inputs());
        Passage.Admitted admitted = new Passage.Admitted(t, wall.now(), begun, erasures.among(now, parsed));
        Passage champion = new Passage(Arm.CHAMPION, now.champion(), request, admitted);
        return canary(now, parsed, admitted)
                .map(canary -> scoring.score(canary).compose(scored -> afterCanary(scored, champion)))
                .orElseGet(() -> scoring.score(champion).map(Answered::by))
                .compose(answered ->
                        end(answered, shadows.ask(now, parsed, answered.scored().passage())));
    }

    /** The canary's part, if the request is for it and its service takes what the caller sent. */
    private Optional<Passage> canary(Traffic now, InferRequestParser.Parsed parsed, Passage.Admitted admitted) {
        return now.canaryFor(parsed.id()).flatMap(serving -> {
            try {
                InferRequest request = InferRequestParser.of(parsed, serving, now.inputs());
                return Optional.of(new Passage(Arm.CANARY, serving, request, admitted));
            } catch (RequestProblem unfit) {
                if (!rules.fallback()) {
                    throw unfit;
                }
                metrics.fellBack("request");
                return Optional.empty();
            }
        });
    }

    private Future<Answered> afterCanary(Scoring.Scored canary, Passage champion) {
        Answered answered = Answered.by(canary);
        boolean asHopeless = !canary.passage().hasRead()
                && champion.serving().readsAs(canary.passage().serving());
        if (canary.ok() || !rules.fallback() || asHopeless) {
            return Future.succeededFuture(answered);
        }
        metrics.fellBack(canary.ending().status().name().toLowerCase(Locale.ROOT));
        Future<Scoring.Scored> asked = canary.passage().hasReadFor(champion)
                ? scoring.scoreAs(canary.passage(), champion)
                : scoring.score(champion);
        return asked.map(answered::then);
    }

    /** Waits for Kafka only where the configuration says so; the shadow's rows may get lost, with a count. */
    private Future<Outcome> end(Answered answered, Future<Void> shadow) {
        if (!rules.acknowledge()) {
            return Future.succeededFuture(outcome(answered));
        }
        CompletableFuture<Boolean> all = CompletableFuture.allOf(
                        answered.logged().toArray(CompletableFuture[]::new))
                .thenApply(done -> answered.logged().stream().allMatch(CompletableFuture::join));
        return shadow.compose(done -> Future.fromCompletionStage(all, Vertx.currentContext()))
                .compose(InferHandler::requireLogged)
                .map(logged -> outcome(answered));
    }

    private static Future<Boolean> requireLogged(boolean logged) {
        return logged
                ? Future.succeededFuture(true)
                : Future.failedFuture(RequestProblem.unavailable("the inference could not be logged; ask again"));
    }

    private static Outcome outcome(Answered answered) {
        Passage passage = answered.scored().passage();
        InferenceRecords.Ending ending = answered.scored().ending();
        double[] predictions = ending.predictions();
        return predictions != null
                ? new Outcome(200, answerBody(passage, predictions), Optional.of(passage.arm()))
                : new Outcome(httpStatus(ending.status()), error(ending.error()), Optional.of(passage.arm()));
    }

    private static int httpStatus(InferenceStatus status) {
        return switch (status) {
            case MODEL_TIMEOUT -> 504;
            case MODEL_ERROR -> 502;
            default -> 503;
        };
    }

    private static ObjectNode answerBody(Passage passage, double[] predictions) {
        ObjectNode body = JSON.createObjectNode()
                .put("model_name", passage.serving().model())
                .put("model_version", passage.serving().version())
                .put("id", passage.request().id());
        body.putObject("parameters")
                .put("tidewheel_t", passage.admitted().t())
                .put("tidewheel_arm", passage.arm().label());
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
            return new Outcome(problem.status(), error(String.valueOf(problem.getMessage())), Optional.empty());
        }
        LOG.error("a request failed unexpectedly", failure);
        return new Outcome(500, error("internal error; see the sidecar's log"), Optional.empty());
    }

    private static ObjectNode error(@Nullable String message) {
        return JSON.createObjectNode().put("error", message);
    }

    private void answer(HttpServerRequest http, Outcome outcome, long begun) {
        metrics.answered(outcome.status());
        outcome.arm().ifPresent(arm -> metrics.took("total", arm, System.nanoTime() - begun));
        Answers.json(http.response(), outcome.status(), outcome.body().toString());
    }
}
