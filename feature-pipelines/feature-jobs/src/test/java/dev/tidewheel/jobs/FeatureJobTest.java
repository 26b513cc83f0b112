package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.redis.RedisServerFixture;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a real broker, a real Redis, a real warehouse and a Flink cluster in this JVM. */
class FeatureJobTest {
    private static final int PARALLELISM = 2;
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
    Path folder;

    private static MiniCluster cluster;

    @BeforeAll
    static void prepare(@InjectMiniCluster MiniCluster running) {
        cluster = running;
        KAFKA.createOwnTopics();
    }

    @Test
    void everyKeyEqualsTheOracleAndTheRawTableHasEveryRecordOnce() throws Exception {
        List<Flight> flights = TestFlights.random(7, 1_500);
        JobWorld world = world("whole", StateBackend.HASHMAP);
        world.send(flights);
        sendBroken(world, flights.get(0));
        JobClient job = start(world.config(), null);
        try (FrontierFollower frontiers = world.frontiers()) {
            frontiers.await(STAGES, PARALLELISM, world.sent(), 0);

            assertStoreEqualsOracle(world, flights);
            assertRawTableComplete(world);
            assertThat(deadLetters(world))
                    .containsEntry(DeadLetterReason.UNDECODABLE, 1L)
                    .containsEntry(DeadLetterReason.NO_EVENT_TIME, 1L)
                    .containsEntry(DeadLetterReason.NO_KEY, 2L)
                    .containsEntry(DeadLetterReason.LATE, 2 * late(flights));
        } finally {
            stop(job);
        }
    }

    @Test
    void aRestartFromACheckpointWithOtherParallelismRepeatsAndLosesNothing() throws Exception {
        List<Flight> flights = TestFlights.random(8, 1_500);
        JobWorld world = world("restarted", StateBackend.ROCKSDB);
        world.send(flights.subList(0, 700));
        JobClient first = start(world.config(), null);
        try (FrontierFollower frontiers = world.frontiers()) {
            frontiers.await(STAGES, PARALLELISM, world.sent(), 0);
            Await.until("a checkpoint", () -> latestCheckpoint(first) != null);
            world.send(flights.subList(700, 1_100));
            frontiers.await(STAGES, PARALLELISM, world.sent(), 0);
            stop(first);
            // Of a running job, the next checkpoint may take this one's place, and its files away.
            String checkpoint = latestCheckpoint(first);
            assertThat(keyedStates(checkpoint))
                    .as("a checkpoint of a state on disk holds what is new since the one before")
                    .isNotEmpty()
                    .allSatisfy(state -> assertThat(state).isInstanceOf(IncrementalRemoteKeyedStateHandle.class));
            long before = frontiers.newestAttempt();

            JobClient second = start(world.config(1, Inject.NONE), checkpoint);
            try {
                world.send(flights.subList(1_100, flights.size()));
                frontiers.await(STAGES, 1, world.sent(), before);
                assertStoreEqualsOracle(world, flights);
                assertRawTableComplete(world);
            } finally {
                stop(second);
            }
        }
    }

    @Test
    void anEmptiedStoreIsFilledAgain() throws Exception {
        List<Flight> flights = TestFlights.random(9, 800);
        JobWorld world = world("emptied", StateBackend.HASHMAP);
        world.send(flights);
        JobClient job = start(world.config(), null);
        try (FrontierFollower frontiers = world.frontiers()) {
            frontiers.await(STAGES, PARALLELISM, world.sent(), 0);
            Await.until("a checkpoint", () -> latestCheckpoint(job) != null);
            long before = frontiers.newestAttempt();

            REDIS.kill();
            REDIS.start();

            frontiers.await(STAGES, PARALLELISM, world.sent(), before);
            assertStoreEqualsOracle(world, flights);
        } finally {
            stop(job);
        }
    }

    @Test
    void aStartWithoutACheckpointReadsAllAgainAndTheRawTableHasEveryRecordOnce() throws Exception {
        List<Flight> flights = TestFlights.random(11, 400);
        JobWorld world = world("again", StateBackend.HASHMAP);
        world.send(flights.subList(0, 200));
        FeatureJobConfig config = world.config();
        JobClient first = start(config, null);
        assertRawTableComplete(world);
        stop(first);

        world.send(flights.subList(200, flights.size()));
        JobClient second = start(config, null);
        try (FrontierFollower frontiers = world.frontiers()) {
            frontiers.await(STAGES, PARALLELISM, world.sent(), 0);
            assertStoreEqualsOracle(world, flights);
            assertRawTableComplete(world);
        } finally {
            stop(second);
        }
    }

    @Test
    void injectedErrorsMakeValuesDifferFromTheOracle() throws Exception {
        List<Flight> flights = TestFlights.random(10, 300);
        JobWorld world = world("injected", StateBackend.HASHMAP);
        world.send(flights);
        JobClient job = start(world.config(PARALLELISM, new Inject(0.1, 0)), null);
        try (FrontierFollower frontiers = world.frontiers()) {
            frontiers.await(STAGES, PARALLELISM, world.sent(), 0);
            long routed = flights.stream()
                    .map(Flight::origin)
                    .distinct()
                    .mapToLong(key -> world.stored(ORIGINS, key).version().routed())
                    .sum();
            assertThat(routed).isBetween(flights.size() / 2L, flights.size() - 1L);
        } finally {
            stop(job);
        }
    }

    private JobWorld world(String source, StateBackend state) {
        return new JobWorld(KAFKA, REDIS, folder, source, state, PARALLELISM);
    }

    private static JobClient start(FeatureJobConfig config, String checkpoint) throws Exception {
        return JobWorld.start(config, TestFlights.job(config.source()), checkpoint, false);
    }

    private static void stop(JobClient job) throws Exception {
        job.cancel().get();
        Await.until("the job's end", () -> job.getJobStatus().join() == JobStatus.CANCELED);
    }

    private static List<KeyedStateHandle> keyedStates(String checkpoint) throws IOException {
        Path metadata = Path.of(URI.create(checkpoint)).resolve("_metadata");
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            return Checkpoints.loadCheckpointMetadata(in, FeatureJobTest.class.getClassLoader(), checkpoint)
                    .getOperatorStates()
                    .stream()
                    .flatMap(operator -> operator.getStates().stream())
                    .flatMap(subtask -> subtask.getManagedKeyedState().stream())
                    .toList();
        }
    }

    private static String latestCheckpoint(JobClient job) {
        try {
            return CommonTestUtils.getLatestCompletedCheckpointPath(job.getJobID(), cluster)
                    .orElse(null);
        } catch (Exception e) {
            throw new IllegalStateException("no list of checkpoints", e);
        }
    }

    private static void sendBroken(JobWorld world, Flight like) throws Exception {
        GenericRecord noDate = like.record();
        noDate.put("date", null);
        GenericRecord noOrigin = like.record();
        noOrigin.put("origin", null);
        world.send(0, like.landing(), new byte[] {1, 2, 3});
        world.send(1, like.landing(), TestFlights.bytes(noDate));
        world.send(2, like.landing(), TestFlights.bytes(noOrigin));
    }

    private static void assertStoreEqualsOracle(JobWorld world, List<Flight> flights) {
        world.assertEqualsOracle(ORIGINS, flights, Flight::origin);
        world.assertKeys(ORIGINS, flights.stream().map(Flight::origin).toList());
        world.assertEqualsOracle(ROUTES, flights, Flight::route);
        world.assertKeys(ROUTES, flights.stream().map(Flight::route).toList());
    }

    private static long late(List<Flight> flights) {
        return flights.stream()
                .filter(flight -> flight.change().isLate(TestFlights.HORIZON))
                .count();
    }

    /** Waits for the commits, which follow their checkpoints. */
    private static void assertRawTableComplete(JobWorld world) {
        List<String> expected = world.sentPositions();
        Await.until("all records in the raw table", () -> world.rawPositions().size() >= expected.size());
        assertThat(world.rawPositions()).containsExactlyElementsOf(expected);
    }

    private static Map<DeadLetterReason, Long> deadLetters(JobWorld world) {
        return world.deadLetters().stream()
                .collect(Collectors.groupingBy(DeadLetter::getReason, Collectors.counting()));
    }
}
