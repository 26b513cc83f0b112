package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.JobDefinition.Cohort;
import dev.tidewheel.jobs.JobDefinition.Entity;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.raw.ImportedRecords;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.redis.RedisServerFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A view that changes while its job lives on: the new lineage is computed beside the old, then without it. */
class CohortTest {
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
    private static final StageView ROUTES = TestFlights.routeViews().get(0);
    private static final StageView NEW = changedViews().get(0);

    @TempDir
    Path folder;

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    static List<StageView> changedViews() {
        return List.of(new StageView(TestFlights.changedOriginPlan(), NEW_LINEAGE));
    }

    @Test
    void aNewLineageIsComputedBesideTheOldOneAndOutlivesIt() throws Exception {
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, "changing", StateBackend.HASHMAP, PARALLELISM);
        List<Flight> flights = TestFlights.random(21, 900);
        try (FrontierFollower frontiers = world.frontiers()) {
            world.send(flights.subList(0, 400));
            JobClient before = world.start(TestFlights.job("changing"), null);
            frontiers.await(List.of("origin", "origin+destination"), PARALLELISM, world.sent(), 0);
            String first = world.stopWithSavepoint(before);
            Map<Integer, Long> atSavepoint = world.sent();
            long firstAttempt = frontiers.newestAttempt();

            world.send(flights.subList(400, 650));
            JobClient beside = world.start(both(), first);
            frontiers.await(
                    List.of("origin", "origin+destination", "origin@1"), PARALLELISM, world.sent(), firstAttempt);

            world.assertEqualsOracle(OLD, flights.subList(0, 650), Flight::origin);
            world.assertEqualsOracle(ROUTES, flights.subList(0, 650), Flight::route);
            world.assertEqualsOracle(NEW, flights.subList(0, 650), Flight::origin);
            assertThat(firstCut(frontiers, "origin", firstAttempt)).isEqualTo(atSavepoint);
            assertThat(firstCut(frontiers, "origin+destination", firstAttempt)).isEqualTo(atSavepoint);
            assertThat(firstCut(frontiers, "origin@1", firstAttempt)).isEmpty();

            String second = world.stopWithSavepoint(beside);
            Map<Integer, Long> atRetirement = world.sent();
            long secondAttempt = frontiers.newestAttempt();
            world.send(flights.subList(650, flights.size()));
            JobClient alone = world.start(withoutOld(), second);
            frontiers.await(List.of("origin+destination", "origin@1"), PARALLELISM, world.sent(), secondAttempt);

            world.assertEqualsOracle(NEW, flights, Flight::origin);
            world.assertEqualsOracle(ROUTES, flights, Flight::route);
            world.assertEqualsOracle(OLD, flights.subList(0, 650), Flight::origin);
            assertThat(firstCut(frontiers, "origin@1", secondAttempt)).isEqualTo(atRetirement);
            world.stopWithSavepoint(alone);
        }
        assertThat(world.rawPositions()).containsExactlyElementsOf(world.sentPositions());
    }

    @Test
    void whatIsRefusedIsNamedByItsCohort() throws Exception {
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, "refusing", StateBackend.ROCKSDB, PARALLELISM);
        List<Flight> flights = TestFlights.random(22, 300);
        long late = flights.stream()
                .map(Flight::change)
                .filter(change -> change.isLate(TestFlights.HORIZON))
                .count();
        try (FrontierFollower frontiers = world.frontiers()) {
            world.send(flights);
            JobClient job = world.start(both("refusing"), null);
            frontiers.await(List.of("origin", "origin+destination", "origin@1"), PARALLELISM, world.sent(), 0);
            world.stopWithSavepoint(job);
        }
        assertThat(late).isPositive();
        assertThat(world.deadLettersByStage()).isEqualTo(Map.of("view", 2 * late, "view@1", late));
    }

    /** The import came when the job had begun: the old lineage goes on without, the new one has all of it. */
    @Test
    void aCohortThatBeginsAfterAnImportHasIt() throws Exception {
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, "imported", StateBackend.HASHMAP, PARALLELISM);
        List<Flight> flights = TestFlights.random(23, 600);
        List<Flight> inTopic = flights.subList(250, flights.size());
        try (FrontierFollower frontiers = world.frontiers()) {
            world.send(inTopic.subList(0, 150));
            JobClient before = world.start(TestFlights.job("imported"), null);
            frontiers.await(List.of("origin", "origin+destination"), PARALLELISM, world.sent(), 0);
            String savepoint = world.stopWithSavepoint(before);
            long attempt = frontiers.newestAttempt();
            long imported = write(flights.subList(0, 250));

            world.send(inTopic.subList(150, inTopic.size()));
            JobClient beside = world.start(both("imported"), savepoint);
            Map<Integer, Long> all = new TreeMap<>(world.sent());
            all.put(ImportedRecords.IMPORT, imported);
            frontiers.await(List.of("origin", "origin+destination"), PARALLELISM, world.sent(), attempt);
            frontiers.await(List.of("origin@1"), PARALLELISM, all, attempt);

            world.assertEqualsOracle(OLD, inTopic, Flight::origin);
            world.assertEqualsOracle(ROUTES, inTopic, Flight::route);
            world.assertEqualsOracle(NEW, flights, Flight::origin);
            assertThat(frontiers.all())
                    .as("who reads the import")
                    .allMatch(frontier -> frontier.getStage().equals("origin@1")
                            || frontier.getImports().isEmpty() && !cut(frontier).containsKey(ImportedRecords.IMPORT));
            world.stopWithSavepoint(beside);
        }
        assertThat(world.deadLettersByStage())
                .as("the import's last record is none: whoever reads it tells it")
                .containsEntry("decode@1", 1L)
                .doesNotContainKey("decode");
    }

    /** Writes an import whose last record nobody can decode. Says how many records it has. */
    private long write(List<Flight> flights) throws Exception {
        List<byte[]> values = new ArrayList<>(flights.stream().map(Flight::avro).toList());
        values.add(new byte[] {1});
        long known = flights.get(flights.size() - 1).landing();
        ImportedRecords.write(TestFlights.layout("imported"), TestFlights::columns, folder, known, values);
        return values.size();
    }

    private static JobDefinition both() {
        return both("changing");
    }

    private static JobDefinition both(String source) {
        JobDefinition old = TestFlights.job(source);
        return new JobDefinition(
                old.source(), old.horizonMillis(), old.columns(), old.entities(), List.of(cohort(source)));
    }

    private static JobDefinition withoutOld() {
        JobDefinition old = TestFlights.job("changing");
        return new JobDefinition(
                old.source(),
                old.horizonMillis(),
                old.columns(),
                List.of(old.entities().get(1)),
                List.of(cohort("changing")));
    }

    private static Cohort cohort(String source) {
        return new Cohort(
                1,
                new JobDefinition(
                        TestFlights.layout(source),
                        TestFlights.HORIZON,
                        TestFlights::columns,
                        List.of(new Entity(List.of("origin"), CohortTest::changedViews))));
    }

    /** What a stage said first that it contains, in its attempts after another: all of its subtasks agree on it. */
    private static Map<Integer, Long> firstCut(FrontierFollower frontiers, String stage, long afterAttempt) {
        TreeMap<Integer, Frontier> first = new TreeMap<>();
        frontiers.all().stream()
                .filter(frontier -> frontier.getStage().equals(stage) && frontier.getAttempt() > afterAttempt)
                .filter(frontier -> frontier.getPhase() == FrontierPhase.ACKNOWLEDGED)
                .forEach(frontier -> first.putIfAbsent(frontier.getSubtask(), frontier));
        assertThat(first).as("subtasks of %s", stage).hasSize(PARALLELISM);
        List<Map<Integer, Long>> cuts =
                first.values().stream().map(CohortTest::cut).distinct().toList();
        assertThat(cuts).as("first cuts of %s", stage).hasSize(1);
        return cuts.get(0);
    }

    private static Map<Integer, Long> cut(Frontier frontier) {
        TreeMap<Integer, Long> cut = new TreeMap<>();
        for (PartitionFrontier partition : frontier.getPartitions()) {
            cut.put(partition.getPartition(), partition.getNextOffset());
        }
        return cut;
    }
}
