package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.FeatureJobConfig.Checkpoint;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.Payments.Sent;
import dev.tidewheel.jobs.raw.RawTable;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.PartitionFrontier;
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
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two topics as one source, through the whole job: tasks that die at random records, and a stop with a savepoint. */
class UnionJobTest {
    private static final int PARALLELISM = 2;
    private static final int RECORDS = 900;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Channels CHANNELS = new Channels(List.of("card-topic", "wallet-topic"));

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

    private final Map<Integer, Long> ends = new TreeMap<>();
    private final Map<String, Sent> byPosition = new HashMap<>();

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
        CHANNELS.topics().forEach(topic -> KAFKA.createTopic(topic, Payments.PARTITIONS));
    }

    @AfterEach
    void disarm() {
        Fuse.disarm();
    }

    @Test
    void everyKeyEqualsTheOracleAndTheRawTableHasBothTopics() throws Exception {
        long seed = Long.getLong("tidewheel.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        List<Sent> sent = Payments.random(new Random(seed), RECORDS);
        Definitions definitions = Payments.definitions(folder);
        JobDefinition job = Payments.job(definitions);
        int crashes;
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), Payments.SOURCE, CHANNELS)) {
            send(sent.subList(0, sent.size() / 2));
            Fuse.arm(seed, 2, 500);
            JobClient first = start(job, null);
            frontiers.await(List.of("customer"), PARALLELISM, ends, 0);
            crashes = Fuse.disarm();
            String savepoint = stop(first);
            long attempt = frontiers.newestAttempt();

            send(sent.subList(sent.size() / 2, sent.size()));
            Fuse.arm(seed + 1, 2, 500);
            JobClient second = start(job, savepoint);
            frontiers.await(List.of("customer"), PARALLELISM, ends, attempt);
            crashes += Fuse.disarm();
            stop(second);
            assertThat(frontiers.all().get(frontiers.all().size() - 1).getPartitions())
                    .extracting(PartitionFrontier::getTopic, PartitionFrontier::getPartition)
                    .as("both topics, by their names")
                    .hasSize(6)
                    .contains(tuple("card-topic", 0), tuple("wallet-topic", 2));
        }
        assertThat(crashes).as("tasks that died").isPositive();
        assertValues(definitions.viewPlan(Payments.VIEW), sent);
        assertRaw();
        assertLetters(sent);
    }

    private void assertValues(ViewPlan plan, List<Sent> sent) {
        Map<Long, List<Change>> byCustomer = sent.stream()
                .flatMap(each -> each.change().stream())
                .collect(Collectors.groupingBy(change -> change.row().getLong(0)));
        assertThat(byCustomer).hasSize(5);
        try (RedisFeatureStore store =
                new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), Payments.SOURCE, Duration.ofSeconds(5)))) {
            byCustomer.forEach((customer, changes) -> {
                NaiveOracle oracle = new NaiveOracle(plan, changes);
                StoredState stored = store.read(List.of(new ViewKey(Payments.VIEW, 1, Long.toString(customer))))
                        .toCompletableFuture()
                        .join()
                        .get(0);
                KeyState state = KeyState.decode(plan, stored.base(), stored.head());
                long end = Payments.START + Payments.DAY;
                for (long t : new long[] {end, end + 1_800_000, end + Payments.DAY}) {
                    FeatureValues values = state.read(t);
                    assertThat(values.row())
                            .as("customer %d at %d", customer, t)
                            .isEqualTo(oracle.valuesAt(t).row());
                    assertThat(values.statuses()).isEqualTo(oracle.valuesAt(t).statuses());
                }
                assertThat(state.version().routed()).isEqualTo(changes.size());
            });
        }
    }

    /** Every record once, under its own topic, with what it means or why it was refused. */
    private void assertRaw() throws IOException {
        List<Record> rows = new ArrayList<>();
        try (var loader = RawTable.loader(warehouse(), Payments.SOURCE)) {
            loader.open();
            try (CloseableIterable<Record> read =
                    IcebergGenerics.read(loader.loadTable()).build()) {
                read.forEach(row -> rows.add(row.copy()));
            }
        }
        Map<String, Record> found = new HashMap<>();
        rows.forEach(row -> found.put(
                row.getField("_topic") + "/" + row.getField("_partition") + "/" + row.getField("_offset"), row));
        assertThat(rows).as("each once").hasSize(found.size());
        assertThat(found.keySet()).isEqualTo(byPosition.keySet());
        byPosition.forEach((position, sent) -> {
            Record row = found.get(position);
            assertThat(row.getField("_source")).isEqualTo(sent.topic() == 0 ? "cards" : "wallets");
            assertThat(row.getField("_timestamp")).isEqualTo(sent.timestamp());
            if (sent.change().isEmpty()) {
                assertThat(row.getField("_rejected")).isIn("UNDECODABLE", "EXPRESSION_ERROR");
                assertThat(row.getField("_event_time")).isNull();
                assertThat(row.getField("_value")).isEqualTo(ByteBuffer.wrap(sent.value()));
            } else {
                Change change = sent.change().get();
                assertThat(row.getField("_rejected")).isNull();
                assertThat(row.getField("customer")).isEqualTo(change.row().getLong(0));
                assertThat(row.getField("amount"))
                        .isEqualTo(change.row().isNull(1) ? null : change.row().getDouble(1));
                assertThat(row.getField("_event_time")).isEqualTo(change.eventTime());
                assertThat(row.getField("_known_time")).isEqualTo(change.knownTime());
                assertThat(row.getField("_event_id")).isEqualTo(change.row().getString(5));
            }
        });
    }

    private void assertLetters(List<Sent> sent) {
        Map<String, DeadLetter> decode = new HashMap<>();
        Map<String, DeadLetter> late = new HashMap<>();
        for (DeadLetter letter : letters()) {
            String position = letter.getTopic() + "/" + letter.getPartition() + "/" + letter.getOffset();
            (letter.getReason() == DeadLetterReason.LATE ? late : decode).put(position, letter);
        }
        assertThat(decode.keySet()).isEqualTo(positions(each -> each.change().isEmpty()));
        assertThat(late.keySet())
                .isEqualTo(positions(each -> each.change()
                        .map(change -> change.isLate(2 * Payments.DAY))
                        .orElse(false)));
        assertThat(late).isNotEmpty();
        assertThat(sent).anyMatch(each -> each.change().isEmpty());
    }

    private Set<String> positions(Predicate<Sent> which) {
        return byPosition.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static List<DeadLetter> letters() {
        List<TopicPartition> partitions = IntStream.range(0, 4)
                .mapToObj(partition -> new TopicPartition(Topics.DEAD_LETTERS, partition))
                .toList();
        List<DeadLetter> letters = new ArrayList<>();
        try (Consumer<String, DeadLetter> consumer =
                KafkaClients.consumer(KAFKA.config(), PATIENCE, RecordSerde.of(DeadLetter.class))) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> until = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < until.get(at))) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> letters.add(record.value()));
            }
        }
        return letters;
    }

    private void send(List<Sent> records) throws Exception {
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(KAFKA.config(), PATIENCE, new ByteArraySerializer())) {
            for (Sent each : records) {
                String topic = CHANNELS.topics().get(each.topic());
                long offset = ends.merge(CHANNELS.channel(each.topic(), each.partition()), 1L, Long::sum) - 1;
                byPosition.put(topic + "/" + each.partition() + "/" + offset, each);
                producer.send(new ProducerRecord<>(topic, each.partition(), each.timestamp(), null, each.value()));
            }
            producer.flush();
        }
    }

    private JobClient start(JobDefinition job, String savepoint) throws Exception {
        FeatureJobConfig config = new FeatureJobConfig(
                Payments.SOURCE,
                Payments.SOURCE,
                ClockMode.STORY,
                KAFKA.config(),
                new RedisConfig(REDIS.uri(), Duration.ofSeconds(2)),
                warehouse(),
                new Flush(Duration.ofMillis(5), Duration.ofMillis(5), 40, PATIENCE),
                new Checkpoint(
                        Duration.ofMillis(200), folder.resolve("checkpoints").toUri()),
                PARALLELISM,
                StateBackend.HASHMAP,
                Inject.NONE);
        Configuration settings = JobSettings.of(config);
        if (savepoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        FeatureJob.build(environment, config, job);
        return environment.executeAsync();
    }

    private String stop(JobClient job) throws Exception {
        return Savepoints.stop(job, folder.resolve("savepoints"));
    }

    private WarehouseConfig warehouse() {
        return new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
    }
}
