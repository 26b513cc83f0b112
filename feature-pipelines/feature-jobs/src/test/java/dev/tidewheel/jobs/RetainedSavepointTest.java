package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.RetainedJob.Event;
import dev.tidewheel.jobs.raw.RawTable;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What earlier releases left is read: the savepoint of a release is restored, the job goes on with what came after it, and
 * every key of every view equals the oracle over all events. See docs/tasks/retain-a-savepoint.md.
 */
class RetainedSavepointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SLOTS = 2;

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(SLOTS)
            .build());

    @TempDir
    Path folder;

    private final Map<Integer, Long> sent = new TreeMap<>();
    private KafkaBrokerFixture kafka;

    /** A savepoint names its topic: each run has a broker for itself. */
    @BeforeEach
    void startBroker() {
        kafka = new KafkaBrokerFixture();
        kafka.start();
        kafka.createOwnTopics();
        kafka.createTopic(RetainedJob.NAME, RetainedJob.PARTITIONS);
    }

    @AfterEach
    void stopBroker() {
        kafka.close();
    }

    /** Canonical savepoints fit both backends, and any parallelism. */
    @ParameterizedTest
    @CsvSource({"v1, hashmap, 2", "v1, rocksdb, 1"})
    void aReleasedSavepointGoesOnToTheRightValues(String version, String state, int parallelism) throws Exception {
        RetainedJob retained = RetainedJob.of(version);
        String project = version + "-" + state;
        send(retained, retained.before());
        JobClient job = start(retained, config(project, state, parallelism), retained.savepoint());
        try (FrontierFollower frontiers = new FrontierFollower(kafka.config(), RetainedJob.NAME)) {
            frontiers.await(stages(retained), parallelism, sent, 0);
            assertStoreEqualsOracle(retained, project, retained.before());

            send(retained, retained.after());
            frontiers.await(stages(retained), parallelism, sent, 0);
            List<Event> all = new ArrayList<>(retained.before());
            all.addAll(retained.after());
            assertStoreEqualsOracle(retained, project, all);
        } finally {
            stop(job);
        }
    }

    /** Writes the next savepoint to retain; see docs/tasks/retain-a-savepoint.md. */
    @Test
    @EnabledIfSystemProperty(named = "retain.version", matches = "v\\d+")
    void retain() throws Exception {
        Path to = Path.of("src/test/resources/retained", System.getProperty("retain.version"))
                .toAbsolutePath();
        RetainedEvents.write(to);
        RetainedJob job = new RetainedJob(to);
        send(job, job.before());
        FeatureJobConfig config = config("retain", "hashmap", SLOTS);
        JobClient running = start(job, config, null);
        try (FrontierFollower frontiers = new FrontierFollower(kafka.config(), RetainedJob.NAME)) {
            frontiers.await(stages(job), SLOTS, sent, 0);
            // What is not committed yet would stand in the savepoint, with the paths of this machine.
            int rows = job.before().size();
            Await.until("all rows in the raw table", () -> rawRows(config) == rows);
            String savepoint = running.stopWithSavepoint(false, folder.toString(), SavepointFormatType.CANONICAL)
                    .get();
            Files.move(Path.of(URI.create(savepoint)), to.resolve("savepoint"));
        }
        assertStoreEqualsOracle(job, "retain", job.before());
    }

    private FeatureJobConfig config(String project, String state, int parallelism) {
        String yaml = String.join(
                "\n",
                "project: " + project,
                "source: " + RetainedJob.NAME,
                "clock: story",
                "kafka: {bootstrap: '" + kafka.bootstrap() + "'}",
                "redis: {uri: '" + REDIS.uri() + "'}",
                "warehouse: {path: " + folder.resolve("warehouse") + ", catalog: 'jdbc:sqlite:"
                        + folder.resolve("catalog.db") + "'}",
                "checkpoint: {interval: 250ms, directory: " + folder.resolve("checkpoints") + "}",
                "parallelism: " + parallelism,
                "state: " + state);
        return ConfigLoader.parse(yaml, "feature-job.yaml", FeatureJobConfig.class, Map.of());
    }

    private static JobClient start(RetainedJob retained, FeatureJobConfig config, URI savepoint) throws Exception {
        Configuration settings = JobSettings.of(config);
        if (savepoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toString());
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        FeatureJob.build(environment, config, retained.definition());
        return environment.executeAsync();
    }

    private static void stop(JobClient job) throws Exception {
        job.cancel().get();
        Await.until("the job's end", () -> job.getJobStatus().join() == JobStatus.CANCELED);
    }

    private static List<String> stages(RetainedJob retained) {
        return retained.definition().entities().stream()
                .map(JobDefinition.Entity::stage)
                .toList();
    }

    private void send(RetainedJob retained, List<Event> events) throws Exception {
        List<Future<RecordMetadata>> unconfirmed = new ArrayList<>();
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(kafka.config(), PATIENCE, new ByteArraySerializer())) {
            for (Event event : events) {
                unconfirmed.add(producer.send(new ProducerRecord<>(
                        RetainedJob.NAME, event.partition(), event.timestamp(), null, retained.avro(event))));
                sent.merge(event.partition(), 1L, Long::sum);
            }
            for (Future<RecordMetadata> each : unconfirmed) {
                each.get();
            }
        }
    }

    private static void assertStoreEqualsOracle(RetainedJob retained, String project, List<Event> events)
            throws IOException {
        long end = events.stream().mapToLong(Event::landing).max().orElseThrow();
        try (RedisFeatureStore store =
                new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), project, Duration.ofSeconds(5)))) {
            for (ViewPlan plan : retained.plans()) {
                String view = plan.spec().name();
                Map<String, List<Change>> changes = retained.changes(plan, events);
                assertThat(store.entities(view, RetainedJob.LINEAGE))
                        .containsExactlyElementsOf(new TreeSet<>(changes.keySet()));
                changes.forEach((key, ofKey) -> assertEqual(plan, key, ofKey, stored(store, plan, key), end));
            }
        }
    }

    private static KeyState stored(RedisFeatureStore store, ViewPlan plan, String key) {
        StoredState state = store.read(List.of(new ViewKey(plan.spec().name(), RetainedJob.LINEAGE, key)))
                .toCompletableFuture()
                .join()
                .get(0);
        assertThat(state).as("state of %s in the store", key).isNotNull();
        return KeyState.decode(plan, state.base(), state.head());
    }

    private static void assertEqual(ViewPlan plan, String key, List<Change> changes, KeyState stored, long end) {
        NaiveOracle oracle = new NaiveOracle(plan, changes);
        for (Disposition disposition : Disposition.values()) {
            assertThat(stored.count(disposition))
                    .as("%s of %s: %s", plan.spec().name(), key, disposition)
                    .isEqualTo(oracle.count(disposition));
        }
        assertThat(stored.version().routed()).isEqualTo(changes.size());
        for (long later : new long[] {0, 1_800_000, 4 * 3_600_000, 30 * 3_600_000L}) {
            FeatureValues values = stored.read(end + later);
            FeatureValues expected = oracle.valuesAt(end + later);
            String where = plan.spec().name() + " of " + key + " at " + (end + later);
            assertThat(values.row()).as(where).isEqualTo(expected.row());
            assertThat(values.statuses()).as(where).isEqualTo(expected.statuses());
        }
    }

    private static long rawRows(FeatureJobConfig config) {
        try (var loader = RawTable.loader(config.warehouse(), RetainedJob.NAME)) {
            loader.open();
            Snapshot newest = loader.loadTable().currentSnapshot();
            return newest == null ? 0 : Long.parseLong(newest.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP));
        } catch (IOException e) {
            throw new IllegalStateException("the raw table cannot be closed", e);
        }
    }
}
