package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.sidecar.StubModelServer.Mood;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisServerFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole sidecar over its address, with a real broker and a real Redis. */
final class SidecarTest {
    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static final long T = Instant.parse("2001-02-01T12:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;

    private World world;

    @BeforeAll
    static void createTopics() {
        KAFKA.createOwnTopics();
    }

    @BeforeEach
    void open() throws InterruptedException {
        REDIS.command("FLUSHALL");
        world = new World(KAFKA, REDIS);
        world.publish("1");
        world.tick(T);
        world.landed(1, T - 180 * MINUTE, T - 60 * MINUTE, "ORD", "LAX", 30);
        world.landed(2, T - 120 * MINUTE, T - 75 * MINUTE, "ORD", "STL", -10);
        // Lands one minute after the question.
        world.landed(3, T - 30 * MINUTE, T + MINUTE, "ORD", "LAX", 500);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void answersWithWhatTheMathematicsSays() throws IOException {
        world.startReady();
        String question = World.question("equal", List.of("ORD", "ORD", "LHR"), List.of("LAX", "JFK", "LAX"));
        HttpResponse<String> response = world.infer(T, question);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);

        List<FeatureValues> expected = List.of(
                vector(Optional.of("ORD"), Optional.of("ORD|LAX"), T),
                vector(Optional.of("ORD"), Optional.empty(), T),
                vector(Optional.empty(), Optional.empty(), T));
        assertThat(expected.get(0).row().getDouble(slot("origin_delays.mean_delay_3h")))
                .isEqualTo(10.0);

        List<List<Float>> tensor = world.modelServer.calls.get(0).rows();
        List<Inference> logged = world.logged("equal", 3);
        JsonObject answer = new JsonObject(response.body());
        assertThat(answer.getString("id")).isEqualTo("equal");
        assertThat(answer.getString("model_version")).isEqualTo("1");
        assertThat(answer.getJsonObject("parameters").getLong("tidewheel_t")).isEqualTo(T);
        JsonObject output = answer.getJsonArray("outputs").getJsonObject(0);
        assertThat(output.getJsonArray("shape")).containsExactly(3, 1);
        for (int row = 0; row < 3; row++) {
            assertThat(tensor.get(row)).containsExactlyElementsOf(inputs(expected.get(row)));
            double probability = StubModelServer.probability(tensor.get(row));
            assertThat(output.getJsonArray("data").getDouble(row)).isEqualTo(probability);
            assertLogged(logged.get(row), row, expected.get(row), probability);
        }
        assertThat(logged.get(0).getCuts()).hasSize(2).allSatisfy(cut -> {
            assertThat(cut.getLineage()).isEqualTo(3);
            assertThat(cut.getAttempt()).isEqualTo(11);
            assertThat(cut.getSubtask()).isEqualTo(2);
        });
        assertThat(logged.get(0).getCuts().get(0).getRouted()).isEqualTo(3);
        assertThat(logged.get(2).getCuts())
                .allSatisfy(cut -> assertThat(cut.getAttempt()).isZero());
        assertThat(logged.get(2).getStatuses().array()).contains(Status.NOT_FOUND.code());
    }

    private void assertLogged(Inference record, int row, FeatureValues expected, double probability) {
        assertThat(record.getT()).isEqualTo(T);
        assertThat(record.getRow()).isEqualTo(row);
        assertThat(record.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(record.getModel()).isEqualTo(World.MODEL);
        assertThat(record.getArtifactDigest()).isEqualTo("sha256:1");
        assertThat(record.getStatus()).isEqualTo(InferenceStatus.OK);
        assertThat(record.getPrediction()).containsExactly(probability);
        assertThat(record.getEntityNames()).containsExactly("origin", "destination");
        assertThat(record.getStatuses().array()).isEqualTo(expected.statuses());
        int numbers = 0;
        int integers = 0;
        int strings = 0;
        RowSchema columns = columns();
        for (int slot = 0; slot < columns.size(); slot++) {
            boolean isNull = (record.getNulls().get(slot / 8) >> (slot % 8) & 1) == 1;
            assertThat(isNull)
                    .as(columns.column(slot).name())
                    .isEqualTo(expected.row().isNull(slot));
            switch (columns.column(slot).type()) {
                case FLOAT64 -> {
                    double number = record.getNumbers().get(numbers++);
                    assertThat(isNull || number == expected.row().getDouble(slot))
                            .isTrue();
                }
                case INT64, TIMESTAMP, BOOL -> {
                    long integer = record.getIntegers().get(integers++);
                    assertThat(isNull || integer == expected.row().getLong(slot))
                            .isTrue();
                }
                case STRING, JSON -> strings++;
            }
        }
        assertThat(record.getNumbers()).hasSize(numbers);
        assertThat(record.getIntegers()).hasSize(integers);
        assertThat(record.getStrings()).hasSize(strings);
    }

    @Test
    void storyTimeNeverGoesBack() throws IOException {
        world.startReady();
        HttpResponse<String> early = world.infer(T - 1, World.question("early", "ORD", "LAX"));
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.body()).contains(Long.toString(T)).contains("never goes back");
        assertThat(world.infer(T, World.question("now", "ORD", "LAX")).statusCode())
                .isEqualTo(200);
        assertThat(world.infer(T + MINUTE, World.question("ahead", "ORD", "LAX"))
                        .statusCode())
                .isEqualTo(200);
        // The third flight has landed by then.
        assertThat(world.modelServer.calls.get(1).rows().get(0).get(1)).isEqualTo((30 - 10 + 500) / 3f);
    }

    @Test
    void readsAtTheEndOfTheWindowWhenTheFaultIsInjected() throws IOException {
        world.landed(4, T, T, "DFW", "LAX", 60);
        world.inject = new SidecarConfig.Inject(Optional.of(SidecarConfig.Inject.Boundary.LE), Optional.empty());
        world.startReady();
        world.infer(T, World.question("boundary", "DFW", "LAX"));
        Inference record = world.logged("boundary", 1).get(0);
        assertThat(record.getT()).isEqualTo(T);
        assertThat(record.getIntegers().get(2))
                .as("flights_1h of an event at t itself")
                .isEqualTo(1);
    }

    @Test
    void servesOldStatesWithTheirCutWhenTheFaultIsInjected() throws IOException {
        world.inject = new SidecarConfig.Inject(Optional.empty(), Optional.of(Duration.ofMinutes(5)));
        world.startReady();
        world.infer(T, World.question("fresh", "ORD", "LAX"));
        world.landed(5, T - 45 * MINUTE, T - MINUTE, "ORD", "LAX", 90);
        world.infer(T, World.question("stale", "ORD", "LAX"));
        Inference fresh = world.logged("fresh", 1).get(0);
        Inference stale = world.logged("stale", 1).get(0);
        assertThat(stale.getCuts()).isEqualTo(fresh.getCuts());
        assertThat(stale.getNumbers()).isEqualTo(fresh.getNumbers());
    }

    @Test
    void tellsWhatIsWrongWithARequest() throws IOException {
        world.startReady();
        String origin = "{\"inputs\":[{\"name\":\"origin\",\"datatype\":\"BYTES\",";
        List<String> bodies = List.of(
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"inputs\":[]}",
                "{\"inputs\":[{}]}",
                origin + "\"shape\":[1],\"data\":7}]}",
                origin + "\"shape\":[2],\"data\":[\"ORD\"]}]}",
                origin + "\"shape\":[1],\"data\":[\"ORD\"]}]}",
                origin + "\"shape\":[1],\"data\":[\"ORD\"]",
                "[".repeat(5_000));
        bodies.forEach(body -> assertRefused(world.infer(T, body)));
        List<Change> changes = List.of(
                new Change("\"data\":[600]", "\"data\":[6.5]"),
                new Change("\"data\":[600]", "\"data\":[99999999999999999999]"),
                new Change("\"data\":[600]", "\"data\":[{\"a\":1}]"),
                new Change("\"data\":[\"ORD\"]", "\"data\":[null]"),
                new Change("\"data\":[\"ORD\"]", "\"data\":[\"ORD\",\"DFW\"]"),
                new Change("\"data\":[\"ORD\"]", "\"data\":[[\"ORD\",\"DFW\"]]"),
                new Change("\"data\":[\"ORD\"]", "\"data\":[]"),
                new Change("\"name\":\"hour\"", "\"name\":\"minute\""),
                new Change("\"name\":\"hour\"", "\"name\":\"distance\""),
                new Change("\"shape\":[1]", "\"shape\":\"one\""));
        String question = World.question("changed", "ORD", "LAX");
        for (Change change : changes) {
            assertThat(question).contains(change.good());
            assertRefused(world.infer(T, question.replace(change.good(), change.bad())));
        }
        assertThat(world.infer(T, question).statusCode()).isEqualTo(200);
    }

    private record Change(String good, String bad) {}

    private static void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        String error = new JsonObject(response.body()).getString("error");
        assertThat(error).isNotBlank().doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        world.startReady();
        assertThat(world.infer(T, "x".repeat(70_000)).statusCode()).isEqualTo(413);
        List<String> many = Collections.nCopies(65, "ORD");
        assertRefused(world.infer(T, World.question("many", many, many)));
        assertRefused(world.infer(T, World.question("i".repeat(300), "ORD", "LAX")));
    }

    @Test
    void saysThatFeaturesAreUnavailableAndRecovers() throws IOException {
        world.startReady();
        REDIS.kill();
        HttpResponse<String> response = world.infer(T, World.question("no-redis", "ORD", "LAX"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("features could not be read").doesNotContain("Exception");
        Inference record = world.logged("no-redis", 1).get(0);
        assertThat(record.getStatus()).isEqualTo(InferenceStatus.FEATURES_UNAVAILABLE);
        assertThat(record.getStatuses().get(slot("origin_delays.mean_delay_3h")))
                .isEqualTo(Status.UNAVAILABLE.code());
        assertThat(record.getPrediction()).isEmpty();
        assertThat(world.modelServer.calls).isEmpty();
        REDIS.start();
        world.fillStore();
        World.await(
                "recovery",
                () -> world.infer(T, World.question("redis-again", "ORD", "LAX")),
                answer -> answer.statusCode() == 200);
    }

    @Test
    void waitsForAStoreThatIsNotThereYet() throws IOException {
        REDIS.kill();
        world.start();
        World.await(
                "the reason",
                () -> world.get("/v2/health/ready").body(),
                reason -> reason.contains("no connection to Redis"));
        REDIS.start();
        World.await("readiness", () -> world.get("/v2/health/ready"), answer -> answer.statusCode() == 200);
    }

    @Test
    void logsWhatTheModelDidNotAnswer() throws IOException {
        world.modelDeadline = Duration.ofMillis(500);
        world.startReady();
        // More often than there are connections: a silent server must not keep them.
        for (int i = 0; i < 6; i++) {
            assertFails(Mood.NEVER, i, 504, InferenceStatus.MODEL_TIMEOUT);
        }
        for (Mood mood : List.of(Mood.WITH_500, Mood.WITH_GARBAGE, Mood.WITH_TOO_FEW, Mood.WITH_NAN)) {
            assertFails(mood, 0, 502, InferenceStatus.MODEL_ERROR);
        }
        world.modelServer.mood = Mood.WELL;
        assertThat(world.infer(T, World.question("well", "ORD", "LAX")).statusCode())
                .isEqualTo(200);
        world.modelServer.close();
        assertThat(world.infer(T, World.question("nobody", "ORD", "LAX")).statusCode())
                .isEqualTo(502);
    }

    private void assertFails(Mood mood, int number, int status, InferenceStatus logged) {
        world.modelServer.mood = mood;
        String id = "mood-" + mood + number;
        HttpResponse<String> response = world.infer(T, World.question(id, "ORD", "LAX"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).doesNotContain("Exception");
        Inference record = world.logged(id, 1).get(0);
        assertThat(record.getStatus()).isEqualTo(logged);
        assertThat(record.getError()).isNotBlank();
        assertThat(record.getPrediction()).isEmpty();
        assertThat(record.getCuts()).hasSize(2);
    }

    @Test
    void answersWithoutKafkaAndCountsWhatItDrops() throws IOException {
        world.log = new SidecarConfig.Log(3, false, Duration.ofSeconds(2), Duration.ofSeconds(2));
        world.startReady();
        world.infer(T, World.question("with-kafka", "ORD", "LAX"));
        world.logged("with-kafka", 1);
        KAFKA.stop();
        try {
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> response = world.infer(T, World.question("without-kafka", "ORD", "LAX"));
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            }
            World.await(
                    "balanced books",
                    () -> List.of(
                            world.count("tidewheel_sidecar_rows_admitted"),
                            world.count("tidewheel_sidecar_rows_logged")
                                    + world.count("tidewheel_sidecar_rows_dropped")),
                    books -> books.get(0) == 21 && books.get(1) == 21);
            assertThat(world.count("tidewheel_sidecar_rows_dropped")).isGreaterThanOrEqualTo(17);
        } finally {
            KAFKA.start();
        }
    }

    @Test
    void promisesNoAnswerThatIsNotLogged() throws IOException {
        world.log = new SidecarConfig.Log(3, true, Duration.ofSeconds(2), Duration.ofSeconds(2));
        world.startReady();
        KAFKA.stop();
        try {
            HttpResponse<String> response = world.infer(T, World.question("unlogged", "ORD", "LAX"));
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("could not be logged");
        } finally {
            KAFKA.start();
        }
    }

    @Test
    void switchesToANewChampion() throws IOException {
        world.startReady();
        world.infer(T, World.question("of-1", "ORD", "LAX"));
        world.publish("2");
        World.await(
                "version 2",
                () -> new JsonObject(world.infer(T, World.question("of-2", "ORD", "LAX"))
                                .body())
                        .getString("model_version"),
                "2"::equals);
        assertThat(world.modelServer.calls.get(0).path()).contains("/versions/1/");
        assertThat(world.modelServer
                        .calls
                        .get(world.modelServer.calls.size() - 1)
                        .path())
                .contains("/versions/2/");
    }

    @Test
    void speaksTheProtocolAndPassesOnWhatIsNotItsOwn() throws IOException {
        world.startReady();
        assertThat(world.get("/v2/health/live").statusCode()).isEqualTo(200);
        assertThat(world.get("/v2/models/" + World.MODEL + "/ready").statusCode())
                .isEqualTo(200);
        assertThat(new JsonObject(world.get("/v2").body()).getString("name")).isEqualTo("tidewheel-sidecar");
        JsonObject metadata =
                new JsonObject(world.get("/v2/models/" + World.MODEL).body());
        assertThat(metadata.getJsonArray("inputs").stream().map(input -> ((JsonObject) input).getString("name")))
                .containsExactly("origin", "destination", "distance", "hour");
        assertThat(world.get("/v2/models/" + World.MODEL + "/infer").statusCode())
                .isEqualTo(405);

        HttpResponse<String> passed = world.send(HttpRequest.newBuilder(world.uri("/v1/models/x:predict?q=1"))
                .header("x-own", "kept")
                .POST(BodyPublishers.ofString("body"))
                .build());
        assertThat(passed.statusCode()).isEqualTo(203);
        assertThat(passed.headers().firstValue("x-stub")).hasValue("yes");
        assertThat(passed.body()).isEqualTo("POST /v1/models/x:predict?q=1 kept body");
        world.modelServer.close();
        HttpResponse<String> refused = world.get("/v2/models/other");
        assertThat(refused.statusCode()).isEqualTo(502);
        assertThat(refused.body()).contains("no answer").doesNotContain("Exception");
    }

    @Test
    void closesWhatItOpenedWhenItCannotStart() {
        world.port = world.modelServer.uri().getPort();
        assertThatThrownBy(world::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + world.port);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("inference-log", "connect-store", "follow-tidewheel.definitions");
    }

    @Test
    void keepsTheFormerChampionWhenTheNextCannotBeServed() throws IOException {
        world.startReady();
        world.publishAlias("7");
        assertThat(world.infer(T, World.question("former", "ORD", "LAX")).statusCode())
                .isEqualTo(200);
        world.publish("3");
        World.await(
                "version 3",
                () -> new JsonObject(world.infer(T, World.question("next", "ORD", "LAX"))
                                .body())
                        .getString("model_version"),
                "3"::equals);
        assertThat(world.modelServer.calls)
                .extracting(StubModelServer.Call::path)
                .noneMatch(path -> path.contains("/versions/7/"));
    }

    @Test
    void showsItsHealthToOperators() throws IOException {
        world.startReady();
        HttpResponse<String> ready =
                world.send(HttpRequest.newBuilder(world.opsUri("/health/ready")).build());
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("serves version 1 with service departure");
        assertThat(world.send(HttpRequest.newBuilder(world.opsUri("/metrics")).build())
                        .statusCode())
                .isEqualTo(200);
    }

    private RowSchema columns() {
        return world.definitions.servicePlan(World.SERVICE).columns();
    }

    private int slot(String column) {
        return columns().slot(column);
    }

    /** The vector by the mathematics alone: no store, no bytes. */
    private FeatureValues vector(Optional<String> origin, Optional<String> route, long t) {
        ServicePlan service = world.definitions.servicePlan(World.SERVICE);
        Row request = new Row(2).setLong(0, 600).setLong(1, 17);
        return service.assemble(request, List.of(values("origin_delays", origin, t), values("route_delays", route, t)));
    }

    private FeatureValues values(String view, Optional<String> entity, long t) {
        return entity.map(known -> world.state(new ViewKey(view, 3, known)).read(t))
                .orElseGet(() -> KeyState.absent(world.definitions.viewPlan(view)));
    }

    private List<Float> inputs(FeatureValues vector) {
        return World.INPUTS.stream()
                .map(this::slot)
                .map(slot -> vector.row().isNull(slot)
                        ? Float.NaN
                        : columns().column(slot).type() == ColumnType.FLOAT64
                                ? (float) vector.row().getDouble(slot)
                                : (float) vector.row().getLong(slot))
                .toList();
    }
}
