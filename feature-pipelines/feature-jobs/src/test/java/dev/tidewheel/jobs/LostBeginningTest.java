package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.JobDefinition.Cohort;
import dev.tidewheel.jobs.JobDefinition.Entity;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.redis.RedisServerFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A topic that has lost its beginning: what begins anew reads that from the raw table, and goes over to Kafka. */
class LostBeginningTest {
    private static final int PARALLELISM = 2;
    private static final long NEW_LINEAGE = TestFlights.LINEAGE + 1;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    private static final StageView OLD = TestFlights.originViews().get(0);
    private static final StageView NEW = newViews().get(0);

    @TempDir
    Path folder;

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    static List<StageView> newViews() {
        return List.of(new StageView(TestFlights.changedOriginPlan(), NEW_LINEAGE));
    }

    @Test
    void aCohortHasWhatTheTopicHasLost() throws Exception {
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, "losing", StateBackend.HASHMAP, PARALLELISM);
        List<Flight> flights = TestFlights.random(31, 900);
        try (FrontierFollower frontiers = world.frontiers()) {
            world.send(flights.subList(0, 600));
            JobClient before = world.start(TestFlights.job("losing"), null);
            frontiers.await(List.of("origin", "origin+destination"), PARALLELISM, world.sent(), 0);
            String savepoint = world.stopWithSavepoint(before);
            Map<Integer, Long> sent = world.sent();
            world.lose(Map.of(0, 50L, 1, sent.get(1)));

            world.send(flights.subList(600, 700));
            JobClient beside = world.start(withCohort(), savepoint);
            frontiers.await(List.of("origin", "origin@1"), PARALLELISM, world.sent(), 0);
            world.send(flights.subList(700, flights.size()));
            frontiers.await(List.of("origin", "origin@1"), PARALLELISM, world.sent(), 0);

            world.assertEqualsOracle(OLD, flights, Flight::origin);
            world.assertEqualsOracle(NEW, flights, Flight::origin);
            world.stopWithSavepoint(beside);
        }
        assertThat(world.rawPositions()).containsExactlyElementsOf(world.sentPositions());
    }

    @Test
    void aJobThatBeginsAnewHasWhatTheTopicHasLost() throws Exception {
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, "anew", StateBackend.ROCKSDB, PARALLELISM);
        List<Flight> flights = TestFlights.random(32, 600);
        try (FrontierFollower frontiers = world.frontiers()) {
            world.send(flights.subList(0, 400));
            JobClient before = world.start(TestFlights.job("anew"), null);
            frontiers.await(List.of("origin", "origin+destination"), PARALLELISM, world.sent(), 0);
            world.stopWithSavepoint(before);
            long attempt = frontiers.newestAttempt();
            world.lose(Map.of(0, 1L, 2, 100L));

            world.send(flights.subList(400, flights.size()));
            JobClient anew = world.start(job("anew"), null);
            frontiers.await(List.of("origin"), PARALLELISM, world.sent(), attempt);

            world.assertEqualsOracle(NEW, flights, Flight::origin);
            world.stopWithSavepoint(anew);
        }
        assertThat(world.rawPositions()).containsExactlyElementsOf(world.sentPositions());
    }

    private static JobDefinition withCohort() {
        JobDefinition old = TestFlights.job("losing");
        return new JobDefinition(
                old.source(),
                old.horizonMillis(),
                old.columns(),
                old.entities(),
                List.of(new Cohort(1, job("losing"))));
    }

    private static JobDefinition job(String source) {
        return new JobDefinition(
                TestFlights.layout(source),
                TestFlights.HORIZON,
                TestFlights::columns,
                List.of(new Entity(List.of("origin"), LostBeginningTest::newViews)));
    }
}
