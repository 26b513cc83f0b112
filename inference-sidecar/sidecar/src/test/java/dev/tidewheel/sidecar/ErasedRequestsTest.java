package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.view.Status;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.erase.ErasedInferences;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.runtime.registry.ServingRecords.Canary;
import dev.tidewheel.sidecar.StubModelServer.Mood;
import dev.tidewheel.store.redis.RedisServerFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Requests about erased entities: answered by the model, and not to be found in the log. */
final class ErasedRequestsTest {
    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static final long T = Instant.parse("2001-02-01T12:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final ErasureKey KEY = new ErasureKey("0123456789abcdef0123456789abcdef");
    private static final ErasureKey OTHER = new ErasureKey("another key than the one that made the list");
    private static final String WHO = "QWERTYUIOP";
    private static final String[] ORD_STL = {"ORD", "STL"};

    private final List<Definition> listed = new ArrayList<>();
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
        world.tick(T);
        world.landed(1, T - 180 * MINUTE, T - 60 * MINUTE, WHO, "LAX", 30);
        world.landed(2, T - 120 * MINUTE, T - 75 * MINUTE, "ORD", "STL", -10);
    }

    @AfterEach
    void close() {
        listed.forEach(erased -> world.remove(Erasures.KIND, erased.getName()));
        world.close();
    }

    private void erase(ErasureKey key, String column, String value) {
        listed.add(world.erase(key, column, value));
    }

    private void awaitList(int told, int untold) {
        World.await(
                "the list",
                () -> List.of(
                        world.gauge("tidewheel_sidecar_erased_entities", Map.of("told", "yes")),
                        world.gauge("tidewheel_sidecar_erased_entities", Map.of("told", "no"))),
                List.of((double) told, (double) untold)::equals);
    }

    @Test
    void answersAboutAnErasedEntityAndLogsNothingOfIt() throws Exception {
        world.erasures = Optional.of(KEY);
        world.startReady();
        awaitList(0, 0);
        world.infer(T, World.question("before", WHO, "LAX"));
        assertThat(world.logged("before", 1).get(0).getEntityKeys()).containsExactly(WHO, "LAX");

        erase(KEY, "origin", WHO);
        awaitList(1, 0);
        String question = World.question("after", List.of("ORD", WHO, "LHR"), List.of("STL", "LAX", WHO));
        HttpResponse<String> response = world.infer(T, question);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(new JsonObject(response.body())
                        .getJsonArray("outputs")
                        .getJsonObject(0)
                        .getJsonArray("data"))
                .hasSize(3);
        List<Inference> logged = world.logged("after", 3);
        assertThat(logged.get(0).getEntityKeys()).containsExactly("ORD", "STL");
        assertThat(logged.get(0).getEntityKeyDigest()).isNull();
        assertThat(logged.get(0).getPrediction()).hasSize(1);
        assertErased(logged.get(1), logged.get(0));
        assertThat(logged.get(2).getEntityKeys())
                .as("who is the destination of a flight is not its origin")
                .containsExactly("LHR", WHO);
        assertThat(world.count("tidewheel_sidecar_rows_erased", Map.of("arm", "champion")))
                .isEqualTo(1);
        assertThat(world.count("tidewheel_sidecar_rows_admitted"))
                .as("it is counted as any other")
                .isEqualTo(world.count("tidewheel_sidecar_rows_logged"))
                .isEqualTo(4);
    }

    /** @param other a row of the same request that is about somebody else: the shape of both is the same */
    private static void assertErased(Inference row, Inference other) {
        assertThat(ErasedInferences.isOne(row)).isTrue();
        assertThat(ErasedInferences.isOne(other)).isFalse();
        assertThat(row.getEntityKeyDigest()).isEqualTo(KEY.id());
        assertThat(row.getEntityNames()).isEqualTo(other.getEntityNames());
        assertThat(row.getEntityKeys()).containsExactly("", "");
        assertThat(row.getNumbers())
                .hasSameSizeAs(other.getNumbers())
                .allSatisfy(number -> assertThat(number).isZero());
        assertThat(row.getIntegers())
                .hasSameSizeAs(other.getIntegers())
                .allSatisfy(integer -> assertThat(integer).isZero());
        assertThat(row.getStatuses().array()).hasSameSizeAs(other.getStatuses().array());
        for (byte status : row.getStatuses().array()) {
            assertThat(status).isEqualTo(Status.UNAVAILABLE.code());
        }
        assertThat(row.getNulls().array()).hasSameSizeAs(other.getNulls().array());
        for (byte nulls : row.getNulls().array()) {
            assertThat(nulls).isEqualTo((byte) -1);
        }
        assertThat(row.getCuts()).isEmpty();
        assertThat(row.getPrediction()).isEmpty();
        assertThat(row.getPredictionNames()).isEmpty();
        assertThat(row.getTraceId()).isNull();
        assertThat(row.getStatus()).isEqualTo(InferenceStatus.OK);
        assertThat(row.getT()).isEqualTo(T);
        assertThat(row.getTotalMicros()).isPositive();
        byte[] bytes = RecordSerde.of(Inference.class).encode(row);
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain(WHO);
    }

    @Test
    void noVersionLogsWhatAnotherKeepsSilentAbout(@TempDir Path folder) throws IOException {
        world.erasures = Optional.of(KEY);
        listed.add(world.erase(KEY, Map.of("origin", WHO, "hour", "17")));
        world.publish(List.of(World.pin(World.version(world.definitions, "1", World.LINEAGE))));
        world.publish(World.version(World.withoutHour(folder), "2", World.LINEAGE));
        world.publishTraffic(1, "1", "2", null);
        world.startReady();
        world.applied(1);
        awaitList(1, 0);
        assertSecondRowErased("shadow-lacks-it", "champion", "shadow");

        world.publishTraffic(2, "2", "1", null);
        world.applied(2);
        assertSecondRowErased("champion-lacks-it", "champion", "shadow");

        world.modelServer.moods.put("2", Mood.WITH_500);
        world.publishTraffic(3, "1", null, new Canary("2", 1));
        world.applied(3);
        assertSecondRowErased("canary-lacks-it", "canary", "champion");
    }

    private void assertSecondRowErased(String id, String... arms) {
        HttpResponse<String> response = world.infer(T, World.question(id, List.of("ORD", WHO), List.of("STL", "LAX")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<Inference> rows = world.logged(id, 4);
        assertThat(rows).extracting(Inference::getArm).containsOnly(arms);
        assertThat(rows.stream().map(Inference::getServiceHash).distinct()).hasSize(2);
        for (Inference row : rows) {
            assertThat(ErasedInferences.isOne(row)).as("%s", row).isEqualTo(row.getRow() == 1);
            assertThat(row.getEntityKeys()).containsExactly(row.getRow() == 1 ? new String[] {"", ""} : ORD_STL);
        }
    }

    @Test
    void readsTheListOnceForAllThatComeTogether() {
        Map<String, Definition> registry = new HashMap<>();
        AtomicInteger reads = new AtomicInteger();
        Supplier<Map<String, Definition>> counted = () -> {
            reads.incrementAndGet();
            return registry;
        };
        ErasureFollower follower = new ErasureFollower(counted, () -> Health.up("following"), Optional.of(KEY));
        assertThat(follower.health().reason()).isEqualTo("knows 0 erased entities");
        for (int i = 0; i < 1_000; i++) {
            Definition record = Erasures.record(KEY, new TreeMap<>(Map.of("origin", "o" + i)), 0);
            registry.put(Registry.key(Erasures.KIND, record.getName()), record);
        }
        follower.changed(registry.keySet());
        follower.changed(Set.of("FeatureView/other"));
        assertThat(follower.health().reason()).isEqualTo("knows 1000 erased entities");
        assertThat(reads).hasValue(2);
    }

    @Test
    void saysNotEvenWhyItFailed() throws IOException {
        world.erasures = Optional.of(KEY);
        erase(KEY, "origin", WHO);
        world.startReady();
        awaitList(1, 0);
        world.modelServer.mood = Mood.WITH_500;
        HttpResponse<String> response = world.infer(T, World.question("failing", WHO, "LAX"));
        assertThat(response.statusCode()).isEqualTo(502);
        Inference logged = world.logged("failing", 1).get(0);
        assertThat(logged.getStatus()).isEqualTo(InferenceStatus.MODEL_ERROR);
        assertThat(logged.getError()).isNull();
        assertThat(logged.getEntityKeys()).containsExactly("", "");
    }

    @Test
    void knowsAnEntityByWhatTheRequestSaysOfIt() throws IOException {
        world.erasures = Optional.of(KEY);
        erase(KEY, "distance", "600");
        world.startReady();
        awaitList(1, 0);
        world.infer(T, World.question("distant", "ORD", "STL"));
        assertThat(world.logged("distant", 1)).allMatch(ErasedInferences::isOne);
    }

    @Test
    void isNotReadyWithoutTheKeyOfTheList() throws IOException {
        erase(KEY, "origin", WHO);
        world.erasures = Optional.of(OTHER);
        world.start();
        HttpResponse<String> ready = World.await(
                "the reason",
                () -> world.get("/v2/health/ready"),
                answer -> answer.body().contains("configure erasures.key"));
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains(KEY.id(), OTHER.id());
        awaitList(0, 1);
    }

    @Test
    void goesOnServingWithoutTheKeyAndSaysSo() throws IOException {
        world.startReady();
        erase(KEY, "origin", WHO);
        awaitList(0, 1);
        assertThat(world.get("/v2/health/ready").statusCode()).isEqualTo(200);
        assertThat(world.infer(T, World.question("untold", WHO, "LAX")).statusCode())
                .isEqualTo(200);
        assertThat(world.logged("untold", 1).get(0).getEntityKeys())
                .as("as the gauge says")
                .containsExactly(WHO, "LAX");
    }

    @Test
    void showsHowOldTheListMayBe() throws IOException {
        world.startReady();
        String gauge = "tidewheel_sidecar_registry_silence_seconds";
        World.await("an answer", () -> world.gauge(gauge, Map.of()), seconds -> seconds < 2);
        KAFKA.stop();
        try {
            World.await("silence", () -> world.gauge(gauge, Map.of()), seconds -> seconds > 4);
        } finally {
            KAFKA.start();
        }
    }
}
