package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.jobs.FeatureJobConfig.Checkpoint;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.jobs.raw.RawTable;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.records.DeadLetter;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One source with its topic, its job in several lives, its store and its raw table. For one thread. */
final class JobWorld {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int PARTITIONS = 3;

    private final KafkaBrokerFixture kafka;
    private final RedisServerFixture redis;
    private final Path folder;
    private final String source;
    private final StateBackend state;
    private final int parallelism;
    private final Map<Integer, Long> sent = new TreeMap<>();

    /** @param source also the topic and the project */
    JobWorld(
            KafkaBrokerFixture kafka,
            RedisServerFixture redis,
            Path folder,
            String source,
            StateBackend state,
            int parallelism) {
        this.kafka = kafka;
        this.redis = redis;
        this.folder = folder;
        this.source = source;
        this.state = state;
        this.parallelism = parallelism;
        kafka.createTopic(source, PARTITIONS);
    }

    /** Per partition, the offset after what was sent. */
    Map<Integer, Long> sent() {
        return Map.copyOf(sent);
    }

    FrontierFollower frontiers() {
        return new FrontierFollower(kafka.config(), source);
    }

    /** Spreads the flights over all partitions: the events of a key come from each of them. */
    void send(List<Flight> flights) throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> unconfirmed = new ArrayList<>();
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(kafka.config(), PATIENCE, new ByteArraySerializer())) {
            for (Flight flight : flights) {
                int partition = (int) (flight.id() % PARTITIONS);
                unconfirmed.add(
                        producer.send(new ProducerRecord<>(source, partition, flight.landing(), null, flight.avro())));
                sent.merge(partition, 1L, Long::sum);
            }
            for (Future<RecordMetadata> each : unconfirmed) {
                each.get();
            }
        }
    }

    /** Sends one value; see {@link #send(List)}. */
    void send(int partition, long timestamp, byte[] value) throws InterruptedException, ExecutionException {
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(kafka.config(), PATIENCE, new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(source, partition, timestamp, null, value))
                    .get();
            sent.merge(partition, 1L, Long::sum);
        }
    }

    /** The topic loses what lies before some offsets, as by its retention. */
    void lose(Map<Integer, Long> beforeOffsets) throws InterruptedException, ExecutionException {
        Map<TopicPartition, RecordsToDelete> lost = new HashMap<>();
        beforeOffsets.forEach((partition, offset) ->
                lost.put(new TopicPartition(source, partition), RecordsToDelete.beforeOffset(offset)));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap()))) {
            admin.deleteRecords(lost).all().get();
        }
    }

    /** Starts the job, from a savepoint if there is one; what the savepoint has and the job has not is left out. */
    JobClient start(JobDefinition job, String savepoint) throws Exception {
        return start(config(), job, savepoint, true);
    }

    /**
     * Starts the job.
     *
     * @param checkpoint or a savepoint; null for none
     * @param mayLeaveOut whether the job may lack what the savepoint has
     */
    static JobClient start(FeatureJobConfig config, JobDefinition job, String checkpoint, boolean mayLeaveOut)
            throws Exception {
        Configuration settings = JobSettings.of(config);
        if (checkpoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint);
            settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, mayLeaveOut);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        FeatureJob.build(environment, config, job);
        return environment.executeAsync();
    }

    String stopWithSavepoint(JobClient job) throws Exception {
        return Savepoints.stop(job, folder.resolve("savepoints"));
    }

    FeatureJobConfig config() {
        return config(parallelism, Inject.NONE);
    }

    FeatureJobConfig config(int subtasks, Inject inject) {
        return new FeatureJobConfig(
                source,
                source,
                ClockMode.STORY,
                kafka.config(),
                new RedisConfig(redis.uri(), Duration.ofSeconds(2)),
                warehouse(),
                new Flush(Duration.ofMillis(5), Duration.ofSeconds(1), 2_000, PATIENCE),
                new Checkpoint(
                        Duration.ofMillis(250), folder.resolve("checkpoints").toUri()),
                subtasks,
                state,
                inject);
    }

    private WarehouseConfig warehouse() {
        return new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
    }

    /** At rest every key of a view equals the oracle, and has counted each change once. */
    void assertEqualsOracle(StageView view, List<Flight> flights, Function<Flight, String> key) {
        long end = flights.stream().mapToLong(Flight::landing).max().orElseThrow();
        assertEqualsOracle(view, byKey(flights, key), end);
    }

    /** The same of any changes, by key; {@code end} is not before any of them became visible. */
    void assertEqualsOracle(StageView view, Map<String, List<Change>> byKey, long end) {
        byKey.forEach((entity, changes) -> {
            NaiveOracle oracle = new NaiveOracle(view.plan(), changes);
            KeyState stored = stored(view, entity);
            for (long t : new long[] {end, end + 3_600_000, end + 2 * 86_400_000L}) {
                assertThat(stored.read(t).row())
                        .as("%s@%d of %s at %d", view.name(), view.lineage(), entity, t)
                        .isEqualTo(oracle.valuesAt(t).row());
            }
            assertThat(stored.version().routed()).as("routed to %s", entity).isEqualTo(changes.size());
        });
    }

    private static Map<String, List<Change>> byKey(List<Flight> flights, Function<Flight, String> key) {
        return flights.stream()
                .collect(Collectors.groupingBy(key, Collectors.mapping(Flight::change, Collectors.toList())));
    }

    /** What the store has of a key. */
    KeyState stored(StageView view, String entity) {
        try (RedisFeatureStore store = store()) {
            StoredState stored = store.read(List.of(new ViewKey(view.name(), view.lineage(), entity)))
                    .toCompletableFuture()
                    .join()
                    .get(0);
            assertThat(stored)
                    .as("state of %s@%d, %s", view.name(), view.lineage(), entity)
                    .isNotNull();
            return KeyState.decode(view.plan(), stored.base(), stored.head());
        }
    }

    /** The store has these keys of a view and no others. */
    void assertKeys(StageView view, Collection<String> keys) {
        try (RedisFeatureStore store = store()) {
            assertThat(store.entities(view.name(), view.lineage())).containsExactlyElementsOf(new TreeSet<>(keys));
        }
    }

    private RedisFeatureStore store() {
        return new RedisFeatureStore(new RedisStoreConfig(redis.uri(), source, Duration.ofSeconds(5)));
    }

    /** The positions of all rows in the raw table, as partition/offset, sorted. */
    List<String> rawPositions() {
        return rawRecords().stream()
                .map(row -> row.getField("_partition") + "/" + row.getField("_offset"))
                .sorted()
                .toList();
    }

    /** All rows of the raw table. */
    List<Record> rawRecords() {
        List<Record> records = new ArrayList<>();
        try (var loader = RawTable.loader(warehouse(), source)) {
            loader.open();
            try (CloseableIterable<Record> rows =
                    IcebergGenerics.read(loader.loadTable()).build()) {
                rows.forEach(row -> records.add(row.copy()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    /** The positions of all records that were sent, as {@link #rawPositions} has them. */
    List<String> sentPositions() {
        return sent.entrySet().stream()
                .flatMap(partition -> IntStream.range(0, partition.getValue().intValue())
                        .mapToObj(offset -> partition.getKey() + "/" + offset))
                .sorted()
                .toList();
    }

    /** Letters about this source, by stage; each position counts once per stage and view. */
    Map<String, Long> deadLettersByStage() {
        return deadLetters().stream()
                .map(letter -> List.of(
                        letter.getStage(),
                        String.valueOf(letter.getView()),
                        letter.getPartition() + "/" + letter.getOffset()))
                .distinct()
                .collect(Collectors.groupingBy(letter -> letter.get(0), Collectors.counting()));
    }

    /** All letters about this source. */
    List<DeadLetter> deadLetters() {
        List<TopicPartition> partitions = IntStream.range(0, 4)
                .mapToObj(partition -> new TopicPartition(Topics.DEAD_LETTERS, partition))
                .toList();
        List<DeadLetter> letters = new ArrayList<>();
        try (Consumer<String, DeadLetter> consumer =
                KafkaClients.consumer(kafka.config(), PATIENCE, RecordSerde.of(DeadLetter.class))) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> letters.add(record.value()));
            }
        }
        return letters.stream()
                .filter(letter -> letter.getTopic().equals(source))
                .toList();
    }
}
