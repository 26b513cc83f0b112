package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks for the bytes of an erased entity in savepoints and in Redis's dump, neither of them compressed. That they are found
 * before is the control.
 */
class ErasedJobTest {
    private static final int PARALLELISM = 2;
    private static final String SOURCE = "erasing";
    private static final String WHO = "qzvkxwpjhtmrbdgfylncasoe";
    private static final List<String> STAGES = List.of("origin", "origin+destination");
    private static final StageView ORIGINS = TestFlights.originViews().get(0);
    private static final StageView ROUTES = TestFlights.routeViews().get(0);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    static Path folder;

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    @Test
    void noByteOfAnErasedEntityIsLeftWhereverTheJobStarts() throws Exception {
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, SOURCE, StateBackend.HASHMAP, PARALLELISM);
        List<Flight> flights = flights();
        List<Flight> others =
                flights.stream().filter(flight -> !flight.origin().equals(WHO)).toList();
        JobDefinition with = TestFlights.job(SOURCE);
        JobDefinition without = with.without(TestErasures.of(Map.of("origin", WHO)));
        try (FrontierFollower frontiers = world.frontiers()) {
            world.send(flights.subList(0, 400));
            JobClient before = start(world, with, Optional.empty());
            frontiers.await(STAGES, PARALLELISM, world.sent(), 0);
            String savepoint = world.stopWithSavepoint(before);
            assertThat(has(savepoint)).as("the control: state").isTrue();
            assertThat(redisHas()).as("the control: store").isTrue();

            long first = frontiers.newestAttempt();
            world.send(flights.subList(400, flights.size()));
            JobClient after = start(world, without, Optional.of(savepoint));
            frontiers.await(STAGES, PARALLELISM, world.sent(), first);
            deleteFromStore(flights);
            awaitEndOfTombstones();
            String cleaned = world.stopWithSavepoint(after);
            assertThat(has(cleaned)).isFalse();
            assertThat(redisHas()).isFalse();
            world.assertEqualsOracle(ORIGINS, others, Flight::origin);
            world.assertEqualsOracle(ROUTES, others, Flight::route);

            long second = frontiers.newestAttempt();
            JobClient anew = start(world, without, Optional.empty());
            frontiers.await(STAGES, PARALLELISM, world.sent(), second);
            assertThat(has(world.stopWithSavepoint(anew)))
                    .as("from the topic's beginning")
                    .isFalse();
            assertThat(redisHas()).isFalse();
        }
        long before = flights.subList(0, 400).stream()
                .filter(flight -> flight.origin().equals(WHO))
                .count();
        assertThat(rowsOfWho(world))
                .as("rows of the first life, which the job does not touch")
                .isEqualTo(before);
        assertThat(world.rawPositions()).containsExactlyElementsOf(world.sentPositions());
        assertThat(world.rawRecords().stream()
                        .filter(row -> "ERASED".equals(row.getField("_rejected")))
                        .toList())
                .isNotEmpty()
                .allSatisfy(ErasedJobTest::isEmpty);
    }

    private static void isEmpty(Record row) {
        assertThat(List.of("flight_id", "date", "landing", "origin", "destination", "delay", "_key", "_value"))
                .allMatch(column -> row.getField(column) == null);
    }

    private static long rowsOfWho(JobWorld world) {
        return world.rawRecords().stream()
                .filter(row -> WHO.equals(String.valueOf(row.getField("origin"))))
                .count();
    }

    /** A fifth of them from one airport, which is nobody's destination. */
    private static List<Flight> flights() {
        List<Flight> flights = new ArrayList<>();
        for (Flight flight : TestFlights.random(77, 700)) {
            flights.add(
                    flight.id() % 5 != 0
                            ? flight
                            : new Flight(
                                    flight.id(),
                                    flight.date(),
                                    flight.landing(),
                                    WHO,
                                    flight.destination(),
                                    flight.delay()));
        }
        return flights;
    }

    /** Uncompressed, so that bytes can be looked for. */
    private static JobClient start(JobWorld world, JobDefinition job, Optional<String> savepoint) throws Exception {
        Configuration settings = JobSettings.of(world.config());
        settings.set(ExecutionOptions.SNAPSHOT_COMPRESSION, false);
        savepoint.ifPresent(from -> settings.set(StateRecoveryOptions.SAVEPOINT_PATH, from));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        FeatureJob.build(environment, world.config(), job);
        return environment.executeAsync();
    }

    /** As {@code tidewheel erase} does, under tombstones that end at once. */
    private static void deleteFromStore(List<Flight> flights) {
        Map<ViewKey, StoredState> doomed = new HashMap<>();
        doomed.put(new ViewKey(ORIGINS.name(), ORIGINS.lineage(), WHO), StoredState.erased());
        flights.forEach(flight -> doomed.put(
                new ViewKey(ROUTES.name(), ROUTES.lineage(), WHO + "|" + flight.destination()), StoredState.erased()));
        RedisStoreConfig config = new RedisStoreConfig(
                REDIS.uri(),
                SOURCE,
                Duration.ofSeconds(5),
                RedisStoreConfig.BATCH_KEYS,
                RedisStoreConfig.Topology.STANDALONE,
                Optional.of(Duration.ofMillis(1)));
        try (RedisFeatureStore store = new RedisFeatureStore(config)) {
            assertThat(store.delete(doomed).toCompletableFuture().join().superseded())
                    .isZero();
        }
    }

    /** Redis removes keys whose time is over a little later. */
    private static void awaitEndOfTombstones() {
        long end = System.nanoTime() + JobWorld.PATIENCE.toNanos();
        while (redisHas()) {
            assertThat(System.nanoTime()).as("tombstones are still there").isLessThan(end);
        }
    }

    private static boolean has(String savepoint) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(URI.create(savepoint)))) {
            return files.filter(Files::isRegularFile).anyMatch(ErasedJobTest::isIn);
        }
    }

    private static boolean redisHas() {
        try (RedisClient client = RedisClient.create(REDIS.uri().toString());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().configSet("rdbcompression", "no");
            connection.sync().save();
            return isIn(Path.of(connection.sync().configGet("dir").get("dir"), "dump.rdb"));
        }
    }

    private static boolean isIn(Path file) {
        try {
            // Every byte is a character of this charset.
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(WHO);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
