package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.runtime.registry.ServingRecords.Canary;
import dev.tidewheel.sidecar.StubModelServer.Mood;
import dev.tidewheel.store.redis.RedisServerFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Champion, canary and shadow over the sidecar's address, with a real broker and a real Redis. */
final class ArmsTest {
    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static final long T = Instant.parse("2001-02-01T12:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final String ADMITTED = "tidewheel_sidecar_rows_admitted";
    private static final String LOGGED = "tidewheel_sidecar_rows_logged";
    private static final String DROPPED = "tidewheel_sidecar_rows_dropped";
    private static final Map<String, String> OF_SHADOW = Map.of("arm", "shadow");

    /** Tests share a topic of inferences. */
    private final String run = UUID.randomUUID().toString();

    private World world;

    @BeforeAll
    static void createTopics() {
        KAFKA.createOwnTopics();
    }

    @BeforeEach
    void open() throws InterruptedException {
        REDIS.command("FLUSHALL");
        world = new World(KAFKA, REDIS);
        world.remove(ServingRecords.TRAFFIC, World.MODEL);
        world.publish("1");
        world.publish(World.version(world.definitions, "2", World.LINEAGE));
        world.tick(T);
        land();
    }

    private void land() {
        world.landed(1, T - 180 * MINUTE, T - 60 * MINUTE, "ORD", "LAX", 30);
        world.landed(2, T - 120 * MINUTE, T - 75 * MINUTE, "ORD", "STL", -10);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void theCanaryAnswersItsShareAndAfterARestartToo() throws IOException {
        world.publishTraffic(1, "1", null, new Canary("2", 0.5));
        world.startReady();
        world.applied(1);
        askSome("before");
        world.restart();
        askSome("before");
        askSome("after");
    }

    private void askSome(String name) {
        for (int i = 0; i < 12; i++) {
            String id = id(name + i);
            boolean canary = Split.takes(id, 0.5);
            JsonObject answer = answered(id);
            assertThat(answer.getString("model_version")).isEqualTo(canary ? "2" : "1");
            assertThat(answer.getJsonObject("parameters").getString("tidewheel_arm"))
                    .isEqualTo(canary ? "canary" : "champion");
            assertThat(world.logged(id, 1)).allSatisfy(record -> {
                assertThat(record.getArm()).isEqualTo(canary ? "canary" : "champion");
                assertThat(record.getModelVersion()).isEqualTo(canary ? "2" : "1");
                assertThat(record.getArtifactDigest()).isEqualTo(canary ? "sha256:2" : "sha256:1");
            });
        }
    }

    @Test
    void theShadowScoresTheSameVectorAndTheAnswerIsTheChampions() throws IOException {
        world.publishTraffic(1, "1", "2", null);
        world.startReady();
        world.applied(1);
        String id = id("beside");
        HttpResponse<String> response =
                world.infer(T, World.question(id, List.of("ORD", "LHR"), List.of("LAX", "LAX")));
        assertThat(new JsonObject(response.body()).getString("model_version")).isEqualTo("1");
        // An answer waits for the shadow's rows too, as the log is configured: both are there now.
        List<Inference> rows = world.log().stream()
                .filter(record -> record.getRequestId().equals(id))
                .toList();
        assertThat(rows).hasSize(4);
        for (int row = 0; row < 2; row++) {
            Inference champion = one(rows, "champion", row);
            Inference shadow = one(rows, "shadow", row);
            assertThat(shadow.getModelVersion()).isEqualTo("2");
            assertThat(shadow.getStatus()).isEqualTo(InferenceStatus.OK);
            assertThat(shadow.getCuts()).isEqualTo(champion.getCuts());
            assertThat(shadow.getNumbers()).isEqualTo(champion.getNumbers());
            assertThat(shadow.getFeatureMicros()).isEqualTo(champion.getFeatureMicros());
            assertThat(shadow.getT()).isEqualTo(champion.getT());
        }
        assertThat(world.modelServer.calls).hasSize(2);
        assertThat(world.modelServer.calls.get(1).rows())
                .isEqualTo(world.modelServer.calls.get(0).rows());
        assertThat(world.observed("tidewheel_sidecar_latency_seconds", Map.of("part", "features")))
                .as("read once for both")
                .isEqualTo(1);
        assertThat(world.count(ADMITTED, OF_SHADOW)).isEqualTo(2);
    }

    @Test
    void aShadowThatFailsHarmsNobody() throws IOException {
        world.publishTraffic(1, "1", "2", null);
        world.modelServer.moods.put("2", Mood.WITH_500);
        world.startReady();
        world.applied(1);
        assertThat(answered(id("failing")).getString("model_version")).isEqualTo("1");
        Inference shadow = one(world.logged(id("failing"), 2), "shadow", 0);
        assertThat(shadow.getStatus()).isEqualTo(InferenceStatus.MODEL_ERROR);
        assertThat(shadow.getPrediction()).isEmpty();
    }

    @Test
    void aShadowThatIsSilentDelaysNobodyAndIsAskedNoMoreThanTheBound() throws IOException {
        world.log = new SidecarConfig.Log(100, false, Duration.ofSeconds(20), Duration.ofSeconds(2));
        world.arms = new SidecarConfig.Arms(2, true);
        world.modelDeadline = Duration.ofSeconds(5);
        world.publishTraffic(1, "1", "2", null);
        world.modelServer.moods.put("2", Mood.NEVER);
        world.startReady();
        world.applied(1);
        IntStream.range(0, 6).forEach(i -> answered(id("silent" + i)));
        assertThat(world.count(LOGGED, OF_SHADOW))
                .as("all answers came before the shadow's deadline")
                .isZero();
        assertThat(world.count(DROPPED, Map.of("arm", "shadow", "reason", "saturated")))
                .isEqualTo(4);
        World.await("the shadow's end", () -> world.count(LOGGED, OF_SHADOW), logged -> logged == 2);
        assertThat(world.count(ADMITTED, OF_SHADOW)).isEqualTo(6);
        assertThat(world.logged(id("silent0"), 2))
                .filteredOn(record -> record.getArm().equals("shadow"))
                .extracting(Inference::getStatus)
                .containsExactly(InferenceStatus.MODEL_TIMEOUT);
        world.modelServer.moods.clear();
        answered(id("well"));
        assertThat(one(world.logged(id("well"), 2), "shadow", 0).getStatus()).isEqualTo(InferenceStatus.OK);
    }

    @Test
    void whatIsWithTheShadowWhenTheSidecarStopsIsLogged() throws IOException {
        world.log = new SidecarConfig.Log(100, false, Duration.ofSeconds(20), Duration.ofSeconds(5));
        world.modelDeadline = Duration.ofSeconds(2);
        world.publishTraffic(1, "1", "2", null);
        world.modelServer.moods.put("2", Mood.NEVER);
        world.startReady();
        world.applied(1);
        IntStream.range(0, 3).forEach(i -> answered(id("stopping" + i)));
        world.stop();
        assertThat(world.count(ADMITTED, OF_SHADOW)).isEqualTo(3);
        assertThat(world.count(LOGGED, OF_SHADOW)).isEqualTo(3);
        assertThat(world.count(LOGGED, Map.of("arm", "champion"))).isEqualTo(3);
    }

    @Test
    void theChampionAnswersWhatTheCanaryFailedOn() throws IOException {
        world.publishTraffic(1, "1", null, new Canary("2", 1));
        world.modelServer.moods.put("2", Mood.WITH_GARBAGE);
        world.startReady();
        world.applied(1);
        assertThat(answered(id("fallback")).getString("model_version")).isEqualTo("1");
        List<Inference> rows = world.logged(id("fallback"), 2);
        assertThat(one(rows, "canary", 0).getStatus()).isEqualTo(InferenceStatus.MODEL_ERROR);
        assertThat(one(rows, "champion", 0).getStatus()).isEqualTo(InferenceStatus.OK);
        assertThat(one(rows, "champion", 0).getCuts())
                .isEqualTo(one(rows, "canary", 0).getCuts());
        assertThat(world.count("tidewheel_sidecar_canary_fallbacks", Map.of("reason", "model_error")))
                .isEqualTo(1);

        world.arms = new SidecarConfig.Arms(64, false);
        world.restart();
        HttpResponse<String> response = world.infer(T, World.question(id("honest"), "ORD", "LAX"));
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(world.logged(id("honest"), 1)).extracting(Inference::getArm).containsExactly("canary");
    }

    @Test
    void aRollbackTakesTheFeaturesBackToo(@TempDir Path folder) throws IOException {
        world.moved = Optional.of(World.moved(folder));
        land();
        List<Definition> before = World.version(world.definitions, "1", World.LINEAGE);
        List<Definition> after = World.version(world.moved.get(), "3", World.LINEAGE + 1);
        world.publishTraffic(1, "1", null, null);
        world.startReady();
        world.applied(1);
        answered(id("first"));
        world.publish(List.of(World.pin(before)));
        world.publish(after);
        world.publishTraffic(2, "3", "1", null);
        world.applied(2);
        answered(id("promoted"));
        world.publishTraffic(3, "1", "3", null);
        world.applied(3);
        answered(id("back"));

        Inference first = world.logged(id("first"), 1).get(0);
        List<Inference> promoted = world.logged(id("promoted"), 2);
        List<Inference> back = world.logged(id("back"), 2);
        assertThat(one(promoted, "champion", 0).getModelVersion()).isEqualTo("3");
        assertSame(one(promoted, "champion", 0), one(back, "shadow", 0));
        assertSame(first, one(promoted, "shadow", 0));
        assertSame(first, one(back, "champion", 0));
        int late = world.definitions.servicePlan(World.SERVICE).columns().slot("origin_delays.share_late_3h");
        assertThat(number(first, late)).isEqualTo(0.5);
        assertThat(number(one(promoted, "champion", 0), late)).isZero();
    }

    private static void assertSame(Inference expected, Inference record) {
        assertThat(record.getServiceHash()).isEqualTo(expected.getServiceHash());
        assertThat(record.getNumbers()).isEqualTo(expected.getNumbers());
        assertThat(record.getCuts()).isEqualTo(expected.getCuts());
    }

    /** All columns before it are numbers, but for the two of the request. */
    private static double number(Inference record, int slot) {
        return record.getNumbers().get(slot - 2);
    }

    @Test
    void trafficThatCannotBeServedStaysBehindUntilItCan() throws IOException {
        world.startReady();
        assertThat(world.traffic().getLong("generation")).isZero();
        world.publishTraffic(4, "1", null, null);
        assertThat(world.applied(4).getValue("refused")).isNull();
        world.publishTraffic(5, "later", "1", new Canary("2", 0.25));
        JsonObject refusing = World.await("refusal", world::traffic, traffic -> traffic.getValue("refused") != null);
        assertThat(refusing.getLong("generation")).isEqualTo(4);
        assertThat(refusing.getString("champion")).isEqualTo("1");
        assertThat(refusing.getJsonObject("refused").getLong("generation")).isEqualTo(5);
        assertThat(refusing.getJsonObject("refused").getString("reason")).contains("later");
        assertThat(answered(id("meanwhile")).getString("model_version")).isEqualTo("1");
        world.publish(World.version(world.definitions, "later", World.LINEAGE));
        JsonObject applied = world.applied(5);
        assertThat(applied.getString("champion")).isEqualTo("later");
        assertThat(applied.getString("shadow")).isEqualTo("1");
        assertThat(applied.getJsonObject("canary").getString("version")).isEqualTo("2");
        assertThat(applied.getJsonObject("canary").getDouble("share")).isEqualTo(0.25);
        assertThat(applied.getValue("refused")).isNull();
    }

    @Test
    void noRequestSeesTwoTraffics() throws IOException {
        world.publishTraffic(1, "1", "2", null);
        world.startReady();
        world.applied(1);
        for (int i = 2; i < 40; i++) {
            world.publishTraffic(i, i % 2 == 0 ? "2" : "1", i % 2 == 0 ? "1" : "2", null);
            // Not waiting for it: requests meet changes anywhere on their way.
            String answer = answered(id("flip" + i)).getString("model_version");
            List<Inference> rows = world.logged(id("flip" + i), 2);
            assertThat(one(rows, "champion", 0).getModelVersion()).isEqualTo(answer);
            assertThat(one(rows, "shadow", 0).getModelVersion()).isNotEqualTo(answer);
        }
        world.applied(39);
    }

    @Test
    void aVersionThatTheModelServerHasNotGotYetIsWaitedFor() throws IOException {
        world.publishTraffic(1, "1", null, null);
        world.modelServer.unready.add("2");
        world.startReady();
        world.applied(1);
        world.publishTraffic(2, "2", null, null);
        JsonObject waiting = World.await("the wait", world::traffic, traffic -> traffic.getValue("refused") != null);
        assertThat(waiting.getLong("generation")).isEqualTo(1);
        assertThat(waiting.getJsonObject("refused").getString("reason")).contains("[2] ready yet");
        assertThat(answered(id("meanwhile")).getString("model_version")).isEqualTo("1");
        world.modelServer.unready.clear();
        world.applied(2);
        assertThat(answered(id("then")).getString("model_version")).isEqualTo("2");
    }

    private String id(String name) {
        return run + "-" + name;
    }

    private JsonObject answered(String id) {
        HttpResponse<String> response = world.infer(T, World.question(id, "ORD", "LAX"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private static Inference one(List<Inference> records, String arm, int row) {
        List<Inference> found = records.stream()
                .filter(record -> record.getArm().equals(arm) && record.getRow() == row)
                .toList();
        assertThat(found).as(arm).hasSize(1);
        return found.get(0);
    }
}
