package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.RandomChangeStream;
import dev.tidewheel.feature.change.RandomChangeStream.Told;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.source.DebeziumJson;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.store.redis.RedisServerFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Change events through the whole job, with a restart in between. */
class ChangeStreamJobTest {
    private static final int PARALLELISM = 2;
    private static final long LINEAGE = 1;

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

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    static List<StageView> views() {
        return List.of(new StageView(RandomChangeStream.view(), LINEAGE));
    }

    @Test
    void everyKeyEqualsTheMeaningOfTheTableAndTheRawTableHasWhatWasTold() throws Exception {
        long seed = 31;
        String source = RandomChangeStream.TOPIC;
        List<Told> told = RandomChangeStream.random(new Random(seed), 700, JobWorld.PARTITIONS, true).stream()
                .map(Told::keysOnly)
                .toList();
        List<Change> expected = RandomChangeStream.normalised(
                RandomChangeStream.random(new Random(seed), 700, JobWorld.PARTITIONS, true));
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, source, StateBackend.HASHMAP, PARALLELISM);
        JobDefinition job = new JobDefinition(
                DebeziumJson.layout(source, source, List.of("id")),
                2 * RandomChangeStream.DAY,
                () -> RandomChangeStream.COLUMNS,
                List.of(new JobDefinition.Entity(List.of("place"), ChangeStreamJobTest::views)));
        try (FrontierFollower frontiers = world.frontiers()) {
            send(world, told.subList(0, 350));
            JobClient first = world.start(job, null);
            frontiers.await(List.of("place"), PARALLELISM, world.sent(), 0);
            String savepoint = world.stopWithSavepoint(first);
            long attempt = frontiers.newestAttempt();

            send(world, told.subList(350, told.size()));
            world.send(0, told.get(told.size() - 1).timestamp(), "{\"op\": 1}".getBytes(StandardCharsets.UTF_8));
            JobClient second = world.start(job, savepoint);
            frontiers.await(List.of("place"), PARALLELISM, world.sent(), attempt);
            world.stopWithSavepoint(second);
        }
        long end = told.get(told.size() - 1).timestamp();
        Map<String, List<Change>> byPlace = RandomChangeStream.byPlace(expected);
        assertThat(byPlace).isNotEmpty();
        world.assertEqualsOracle(views().get(0), byPlace, end + 1);
        assertThat(world.deadLettersByStage()).containsEntry("decode", 1L);
        assertThat(world.rawPositions()).containsExactlyElementsOf(world.sentPositions());
        List<Record> raw = world.rawRecords();
        for (Told each : told) {
            Record row = raw.stream()
                    .filter(record -> record.getField("_partition").equals(each.partition())
                            && record.getField("_offset").equals(each.offset()))
                    .findFirst()
                    .orElseThrow();
            assertThat(row.getField("_op")).isEqualTo(each.operation().word());
            assertThat(row.getField("_rejected")).isNull();
            assertRow(row, "", each.after());
            assertRow(row, "_before_", each.before());
            boolean tombstone = DebeziumJson.value(each) == null;
            assertThat(row.getField("_source_ts_ms")).isEqualTo(tombstone ? null : each.timestamp() - 7);
        }
    }

    private static void send(JobWorld world, List<Told> told) throws Exception {
        for (Told each : told) {
            world.send(each.partition(), each.timestamp(), DebeziumJson.value(each));
        }
    }

    private static void assertRow(Record record, String prefix, Row row) {
        Row expected = row == null ? new Row(RandomChangeStream.COLUMNS.size()) : row;
        assertThat(record.getField(prefix + "id")).isEqualTo(expected.isNull(0) ? null : expected.getLong(0));
        assertThat(record.getField(prefix + "at")).isEqualTo(expected.isNull(1) ? null : expected.getLong(1));
        assertThat(record.getField(prefix + "place")).isEqualTo(expected.getString(2));
        assertThat(record.getField(prefix + "amount")).isEqualTo(expected.isNull(3) ? null : expected.getDouble(3));
        assertThat(record.getField(prefix + "note")).isEqualTo(expected.getString(4));
    }
}
