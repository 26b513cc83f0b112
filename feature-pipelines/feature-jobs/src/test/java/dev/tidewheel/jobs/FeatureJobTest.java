package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.FeatureJobConfig.Checkpoint;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.raw.RawTable;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a real broker, a real Redis, a real warehouse and a Flink cluster in this JVM. */
class FeatureJobTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;
    private static final int PARALLELISM = 2;
    private static final List<String> STAGES = List.of("origin", "origin+destination");

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

    private final Map<Integer, Long> sent = new TreeMap<>();
    private final List<Future<RecordMetadata>> unconfirmed = new ArrayList<>();

    private static MiniCluster cluster;

    @BeforeAll
    static void prepare(@InjectMiniCluster MiniCluster running) {
        cluster = running;
        KAFKA.createOwnTopics();
    }

    @Test
    void everyKeyEqualsTheOracleAndTheRawTableHasEveryRecordOnce() throws Exception {
        long seed = 7;
        List<Flight> flights = TestFlights.random(seed, 1_500);
        KAFKA.createTopic("whole", PARTITIONS);
        send("whole", flights);
        sendBroken("whole", flights.get(0));
        JobClient job = start(config("whole", PARALLELISM, StateBackend.HASHMAP, Inject.NONE), null);
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), "whole")) {
            frontiers.await(STAGES, PARALLELISM, sent, 0);

            assertStoreEqualsOracle("whole", flights, seed);
            assertRawTableComplete("whole");
            assertThat(deadLetters("whole"))
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
        long seed = 8;
        List<Flight> flights = TestFlights.random(seed, 1_500);
        KAFKA.createTopic("restarted", PARTITIONS);
        send("restarted", flights.subList(0, 700));
        JobClient first = start(config("restarted", PARALLELISM, StateBackend.ROCKSDB, Inject.NONE), null);
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), "restarted")) {
            frontiers.await(STAGES, PARALLELISM, sent, 0);
            Await.until("a checkpoint", () -> latestCheckpoint(first) != null);
            send("restarted", flights.subList(700, 1_100));
            frontiers.await(STAGES, PARALLELISM, sent, 0);
            stop(first);
            // Of a running job, the next checkpoint may take this one's place, and its files away.
            String checkpoint = latestCheckpoint(first);
            long before = frontiers.newestAttempt();

            JobClient second = start(config("restarted", 1, StateBackend.ROCKSDB, Inject.NONE), checkpoint);
            try {
                send("restarted", flights.subList(1_100, flights.size()));
                frontiers.await(STAGES, 1, sent, before);
                assertStoreEqualsOracle("restarted", flights, seed);
                assertRawTableComplete("restarted");
            } finally {
                stop(second);
            }
        }
    }

    @Test
    void anEmptiedStoreIsFilledAgain() throws Exception {
        long seed = 9;
        List<Flight> flights = TestFlights.random(seed, 800);
        KAFKA.createTopic("emptied", PARTITIONS);
        send("emptied", flights);
        JobClient job = start(config("emptied", PARALLELISM, StateBackend.HASHMAP, Inject.NONE), null);
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), "emptied")) {
            frontiers.await(STAGES, PARALLELISM, sent, 0);
            Await.until("a checkpoint", () -> latestCheckpoint(job) != null);
            long before = frontiers.newestAttempt();

            REDIS.kill();
            REDIS.start();

            frontiers.await(STAGES, PARALLELISM, sent, before);
            assertStoreEqualsOracle("emptied", flights, seed);
        } finally {
            stop(job);
        }
    }

    @Test
    void aStartWithoutACheckpointReadsAllAgainAndTheRawTableHasEveryRecordOnce() throws Exception {
        long seed = 11;
        List<Flight> flights = TestFlights.random(seed, 400);
        KAFKA.createTopic("again", PARTITIONS);
        send("again", flights.subList(0, 200));
        FeatureJobConfig config = config("again", PARALLELISM, StateBackend.HASHMAP, Inject.NONE);
        JobClient first = start(config, null);
        assertRawTableComplete("again");
        stop(first);

        send("again", flights.subList(200, flights.size()));
        JobClient second = start(config, null);
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), "again")) {
            frontiers.await(STAGES, PARALLELISM, sent, 0);
            assertStoreEqualsOracle("again", flights, seed);
            assertRawTableComplete("again");
        } finally {
            stop(second);
        }
    }

    @Test
    void injectedErrorsMakeValuesDifferFromTheOracle() throws Exception {
        List<Flight> flights = TestFlights.random(10, 300);
        KAFKA.createTopic("injected", PARTITIONS);
        send("injected", flights);
        JobClient job = start(config("injected", PARALLELISM, StateBackend.HASHMAP, new Inject(0.1, 0)), null);
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), "injected")) {
            frontiers.await(STAGES, PARALLELISM, sent, 0);
            long routed = byKey(flights, Flight::origin).keySet().stream()
                    .mapToLong(key -> stored("injected", TestFlights.originPlan(), key)
                            .version()
                            .routed())
                    .sum();
            assertThat(routed).isBetween(flights.size() / 2L, flights.size() - 1L);
        } finally {
            stop(job);
        }
    }

    private FeatureJobConfig config(String source, int parallelism, StateBackend state, Inject inject) {
        return new FeatureJobConfig(
                source,
                source,
                ClockMode.STORY,
                KAFKA.config(),
                new RedisConfig(REDIS.uri(), Duration.ofSeconds(2)),
                warehouse(),
                new Flush(Duration.ofMillis(5), 2_000, PATIENCE),
                new Checkpoint(
                        Duration.ofMillis(250), folder.resolve("checkpoints").toUri()),
                parallelism,
                state,
                inject);
    }

    private WarehouseConfig warehouse() {
        return new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
    }

    private static JobClient start(FeatureJobConfig config, String checkpoint) throws Exception {
        Configuration settings = JobSettings.of(config);
        if (checkpoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        FeatureJob.build(environment, config, TestFlights.job(config.source()));
        return environment.executeAsync();
    }

    private static void stop(JobClient job) throws Exception {
        job.cancel().get();
        Await.until("the job's end", () -> job.getJobStatus().join() == JobStatus.CANCELED);
    }

    private static String latestCheckpoint(JobClient job) {
        try {
            return CommonTestUtils.getLatestCompletedCheckpointPath(job.getJobID(), cluster)
                    .orElse(null);
        } catch (Exception e) {
            throw new IllegalStateException("no list of checkpoints", e);
        }
    }

    /** Spreads the flights over all partitions: the events of a key come from each of them. */
    private void send(String topic, List<Flight> flights) {
        try (Producer<String, byte[]> producer = producer()) {
            for (Flight flight : flights) {
                send(producer, topic, (int) (flight.id() % PARTITIONS), flight.landing(), flight.avro());
            }
            confirm();
        }
    }

    private void sendBroken(String topic, Flight like) {
        GenericRecord noDate = like.record();
        noDate.put("date", null);
        GenericRecord noOrigin = like.record();
        noOrigin.put("origin", null);
        try (Producer<String, byte[]> producer = producer()) {
            send(producer, topic, 0, like.landing(), new byte[] {1, 2, 3});
            send(producer, topic, 1, like.landing(), TestFlights.bytes(noDate));
            send(producer, topic, 2, like.landing(), TestFlights.bytes(noOrigin));
            confirm();
        }
    }

    private void send(Producer<String, byte[]> producer, String topic, int partition, long timestamp, byte[] value) {
        unconfirmed.add(producer.send(new ProducerRecord<>(topic, partition, timestamp, null, value)));
        sent.merge(partition, 1L, Long::sum);
    }

    private void confirm() {
        for (Future<RecordMetadata> each : unconfirmed) {
            try {
                each.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("a record was not sent", e);
            }
        }
        unconfirmed.clear();
    }

    private static Producer<String, byte[]> producer() {
        return KafkaClients.producer(KAFKA.config(), PATIENCE, new ByteArraySerializer());
    }

    private static void assertStoreEqualsOracle(String project, List<Flight> flights, long seed) {
        assertViewEqualsOracle(project, TestFlights.originPlan(), byKey(flights, Flight::origin), seed);
        assertViewEqualsOracle(project, TestFlights.routePlan(), byKey(flights, Flight::route), seed);
    }

    private static void assertViewEqualsOracle(
            String project, ViewPlan plan, Map<String, List<Change>> changes, long seed) {
        long end = changes.values().stream()
                .flatMap(List::stream)
                .mapToLong(Change::knownTime)
                .max()
                .orElseThrow();
        changes.forEach((key, ofKey) -> {
            NaiveOracle oracle = new NaiveOracle(plan, ofKey);
            KeyState stored = stored(project, plan, key);
            for (long t : new long[] {end, end + 3_600_000, end + 2 * 86_400_000L}) {
                assertThat(stored.read(t).row())
                        .as("%s of %s at %d, seed %d", plan.spec().name(), key, t, seed)
                        .isEqualTo(oracle.valuesAt(t).row());
            }
            assertThat(stored.version().routed()).as("routed to %s", key).isEqualTo(ofKey.size());
        });
        try (RedisFeatureStore store = store(project)) {
            assertThat(store.entities(plan.spec().name(), TestFlights.LINEAGE))
                    .containsExactlyElementsOf(new TreeSet<>(changes.keySet()));
        }
    }

    private static Map<String, List<Change>> byKey(List<Flight> flights, Function<Flight, String> key) {
        return flights.stream()
                .collect(Collectors.groupingBy(key, Collectors.mapping(Flight::change, Collectors.toList())));
    }

    private static KeyState stored(String project, ViewPlan plan, String key) {
        try (RedisFeatureStore store = store(project)) {
            StoredState state = store.read(List.of(new ViewKey(plan.spec().name(), TestFlights.LINEAGE, key)))
                    .toCompletableFuture()
                    .join()
                    .get(0);
            assertThat(state).as("state of %s in the store", key).isNotNull();
            return KeyState.decode(plan, state.base(), state.head());
        }
    }

    private static RedisFeatureStore store(String project) {
        return new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), project, Duration.ofSeconds(5)));
    }

    private static long late(List<Flight> flights) {
        return flights.stream()
                .filter(flight -> flight.change().isLate(TestFlights.HORIZON))
                .count();
    }

    /** Waits for the commits, which follow their checkpoints. */
    private void assertRawTableComplete(String source) {
        List<String> expected = sent.entrySet().stream()
                .flatMap(partition -> IntStream.range(0, partition.getValue().intValue())
                        .mapToObj(offset -> partition.getKey() + "/" + offset))
                .sorted()
                .toList();
        Await.until("all records in the raw table", () -> rawPositions(source).size() >= expected.size());
        assertThat(rawPositions(source)).containsExactlyElementsOf(expected);
    }

    private List<String> rawPositions(String source) {
        List<String> positions = new ArrayList<>();
        try (var loader = RawTable.loader(warehouse(), source)) {
            loader.open();
            Table table = loader.loadTable();
            try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
                rows.forEach(row -> positions.add(row.getField("_partition") + "/" + row.getField("_offset")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        positions.sort(null);
        return positions;
    }

    private static Map<DeadLetterReason, Long> deadLetters(String topic) {
        List<TopicPartition> partitions = IntStream.range(0, 4)
                .mapToObj(partition -> new TopicPartition(Topics.DEAD_LETTERS, partition))
                .toList();
        List<DeadLetter> letters = new ArrayList<>();
        try (Consumer<String, DeadLetter> consumer =
                KafkaClients.consumer(KAFKA.config(), PATIENCE, RecordSerde.of(DeadLetter.class))) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> letters.add(record.value()));
            }
        }
        return letters.stream()
                .filter(letter -> letter.getTopic().equals(topic))
                .collect(Collectors.groupingBy(DeadLetter::getReason, Collectors.counting()));
    }
}
