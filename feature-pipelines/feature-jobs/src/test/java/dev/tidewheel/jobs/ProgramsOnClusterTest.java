package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.view.ViewSpec.DerivedColumn;
import dev.tidewheel.jobs.FeatureJobConfig.Checkpoint;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.raw.ImportedPrograms;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.jobs.tile.StoredPrograms;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs through the whole job: three partitions, two subtasks, Kafka, Redis, checkpoints, and tasks that die at
 * random records. At rest, every stored value is the oracle's.
 */
class ProgramsOnClusterTest {
    private static final int PROGRAMS = 6;
    private static final int PARALLELISM = 2;
    private static final int CRASHES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir
    Path folder;

    private int crashes;

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    @Test
    void everyValueAtRestEqualsTheOracle() throws Exception {
        // Each run is a job of its own: to make a failing program smaller takes the operator's test.
        Programs.runWhole(Kind.STREAM, PROGRAMS, this::throughJob);
        assertThat(crashes).as("tasks that died").isPositive();
    }

    /** One half of the deaths is in what is read from the raw table, the other where the partitions go over to Kafka. */
    @Test
    void everyValueIsTheSameWhenTheTopicHasLostItsBeginning() throws Exception {
        Programs.runWhole(Kind.STREAM, PROGRAMS, this::throughTable);
        assertThat(crashes).as("tasks that died").isPositive();
    }

    private Optional<String> throughTable(RandomProgram program, Programs.Met met) throws Exception {
        String source = "cut" + RUNS.incrementAndGet();
        KAFKA.createTopic(source, RandomProgram.PARTITIONS);
        Random random = new Random(program.seed());
        int before = random.nextInt(program.arrivals().size());
        Map<Integer, Long> sent = send(source, program.arrivals().subList(0, before));
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), source)) {
            JobClient former = start(source, "former", program);
            frontiers.await(stages(program), PARALLELISM, sent, 0);
            Savepoints.stop(former, folder);
            long lost = lose(source, sent, random);
            long attempt = frontiers.newestAttempt();
            send(source, program.arrivals().subList(before, program.arrivals().size()))
                    .forEach((partition, count) -> sent.merge(partition, count, Long::sum));

            int records = (int) (random.nextBoolean() ? lost : random.nextLong(lost + 1));
            Fuse.armAt(program.seed(), CRASHES, 1 + records * program.views().size());
            JobClient anew = start(source, source, program);
            try {
                frontiers.await(stages(program), PARALLELISM, sent, attempt);
                crashes += Fuse.disarm();
                Savepoints.take(anew, folder);
                frontiers.await(stages(program), PARALLELISM, sent, attempt);
                try (RedisFeatureStore store =
                        new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), source, Duration.ofSeconds(5)))) {
                    return StoredPrograms.difference(fused(program), store, met);
                }
            } finally {
                Fuse.disarm();
                anew.cancel().get();
                Await.until("the job's end", () -> anew.getJobStatus().join() == JobStatus.CANCELED);
            }
        }
    }

    /** The import is read beside Kafka, the job dies in the midst of it, and then goes on from a savepoint. */
    @Test
    void everyValueIsTheSameWhenAPartWasImported() throws Exception {
        Programs.runWhole(Kind.STREAM, PROGRAMS, this::throughImport);
        assertThat(crashes).as("tasks that died").isPositive();
    }

    private Optional<String> throughImport(RandomProgram drawn, Programs.Met met) throws Exception {
        String source = "import" + RUNS.incrementAndGet();
        KAFKA.createTopic(source, RandomProgram.PARTITIONS);
        ImportedPrograms imports = ImportedPrograms.of(drawn, new Random(drawn.seed()));
        RandomProgram program = imports.read();
        imports.write(source, source, folder);
        SourceLayout layout = imports.layout(source, source);
        List<Arrival> inKafka = program.arrivals().stream()
                .filter(arrival -> arrival.partition() != ImportedPrograms.IMPORT)
                .toList();
        long imported = program.arrivals().size() - inKafka.size();
        int before = inKafka.size() / 2;
        Map<Integer, Long> sent = send(source, inKafka.subList(0, before));
        if (imported > 0) {
            sent.put(ImportedPrograms.IMPORT, imported);
        }
        Fuse.arm(program.seed(), CRASHES, 300);
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), source)) {
            JobClient first = start(source, layout, program, null);
            frontiers.await(stages(program), PARALLELISM, sent, 0);
            crashes += Fuse.disarm();
            String savepoint = Savepoints.stop(first, folder);
            long attempt = frontiers.newestAttempt();
            send(source, inKafka.subList(before, inKafka.size()))
                    .forEach((partition, count) -> sent.merge(partition, count, Long::sum));
            JobClient goesOn = start(source, layout, program, savepoint);
            try {
                frontiers.await(stages(program), PARALLELISM, sent, attempt);
                assertThat(frontiers.all())
                        .as("each flush says where the import ends")
                        .allMatch(frontier -> frontier.getPartitions().isEmpty()
                                || frontier.getImports().equals(end(source, imported)));
                try (RedisFeatureStore store =
                        new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), source, Duration.ofSeconds(5)))) {
                    return StoredPrograms.difference(fused(imports.counted()), store, met);
                }
            } finally {
                goesOn.cancel().get();
                Await.until("the job's end", () -> goesOn.getJobStatus().join() == JobStatus.CANCELED);
            }
        } finally {
            Fuse.disarm();
        }
    }

    private static List<PartitionFrontier> end(String source, long imported) {
        return imported == 0 ? List.of() : List.of(new PartitionFrontier(source, ImportedPrograms.IMPORT, imported));
    }

    /** Each partition loses its records before a random one. Says how many. */
    private static long lose(String topic, Map<Integer, Long> sent, Random random) throws Exception {
        Map<TopicPartition, RecordsToDelete> lost = new HashMap<>();
        long records = 0;
        for (Map.Entry<Integer, Long> partition : sent.entrySet()) {
            long before = random.nextLong(partition.getValue() + 1);
            lost.put(new TopicPartition(topic, partition.getKey()), RecordsToDelete.beforeOffset(before));
            records += before;
        }
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KAFKA.bootstrap()))) {
            admin.deleteRecords(lost).all().get();
        }
        return records;
    }

    private static List<String> stages(RandomProgram program) {
        return program.entities().stream()
                .map(entity -> String.join("+", entity))
                .toList();
    }

    private Optional<String> throughJob(RandomProgram program, Programs.Met met) throws Exception {
        String source = "program" + RUNS.incrementAndGet();
        KAFKA.createTopic(source, RandomProgram.PARTITIONS);
        int half = program.arrivals().size() / 2;
        Map<Integer, Long> sent = send(source, program.arrivals().subList(0, half));
        Fuse.arm(program.seed(), CRASHES, 300);
        JobClient job = start(source, source, program);
        List<String> stages = stages(program);
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), source)) {
            frontiers.await(stages, PARALLELISM, sent, 0);
            send(source, program.arrivals().subList(half, program.arrivals().size()))
                    .forEach((partition, count) -> sent.merge(partition, count, Long::sum));
            frontiers.await(stages, PARALLELISM, sent, 0);
            crashes += Fuse.disarm();
            Savepoints.take(job, folder);
            frontiers.await(stages, PARALLELISM, sent, 0);
            try (RedisFeatureStore store =
                    new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), source, Duration.ofSeconds(5)))) {
                return StoredPrograms.difference(fused(program), store, met);
            }
        } finally {
            Fuse.disarm();
            job.cancel().get();
        }
    }

    private JobClient start(String source, String project, RandomProgram program) throws Exception {
        return start(project, ProgramRecords.layout(source, source, program), program, null);
    }

    private JobClient start(String project, SourceLayout layout, RandomProgram program, String savepoint)
            throws Exception {
        String source = layout.source();
        FeatureJobConfig config = new FeatureJobConfig(
                project,
                source,
                ClockMode.STORY,
                KAFKA.config(),
                new RedisConfig(REDIS.uri(), Duration.ofSeconds(2)),
                new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db")),
                new Flush(Duration.ofMillis(5), Duration.ofMillis(5), 40, PATIENCE),
                new Checkpoint(Duration.ofMillis(150), folder.resolve(source).toUri()),
                PARALLELISM,
                program.seed() % 2 == 0 ? StateBackend.ROCKSDB : StateBackend.HASHMAP,
                Inject.NONE);
        return JobWorld.start(config, definition(layout, program), savepoint, false);
    }

    /** Plans do not travel in the job graph: they are drawn again from the seed. */
    private static JobDefinition definition(SourceLayout layout, RandomProgram program) {
        long seed = program.seed();
        List<JobDefinition.Entity> entities = new ArrayList<>();
        for (List<String> entity : program.entities()) {
            List<String> key = List.copyOf(entity);
            entities.add(new JobDefinition.Entity(key, () -> fused(seed, key)));
        }
        return new JobDefinition(layout, RandomProgram.HORIZON, RandomProgram::source, entities);
    }

    private static List<StageView> fused(long seed, List<String> entity) {
        return fused(RandomProgram.of(seed, Kind.STREAM)).plans().stream()
                .filter(plan -> plan.spec().entity().equals(entity))
                .map(plan -> new StageView(plan, StoredPrograms.LINEAGE))
                .toList();
    }

    private static RandomProgram fused(RandomProgram program) {
        List<ViewSpec> views =
                program.views().stream().map(ProgramsOnClusterTest::fused).toList();
        return new RandomProgram(program.seed(), program.declaresIds(), views, program.arrivals());
    }

    /** The same view, with a fuse that changes no value. */
    private static ViewSpec fused(ViewSpec view) {
        List<DerivedColumn> columns = new ArrayList<>(view.columns());
        columns.add(new DerivedColumn("fused", "test.fuse(n)"));
        return new ViewSpec(
                view.name(),
                view.entity(),
                view.where(),
                columns,
                view.features(),
                view.horizonMillis(),
                view.futureLimitMillis(),
                view.headSpanMillis(),
                view.headEntries());
    }

    private static Map<Integer, Long> send(String topic, List<Arrival> arrivals) throws Exception {
        Map<Integer, Long> sent = new TreeMap<>();
        List<Future<RecordMetadata>> unconfirmed = new ArrayList<>();
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(KAFKA.config(), PATIENCE, new ByteArraySerializer())) {
            for (Arrival arrival : arrivals) {
                unconfirmed.add(producer.send(new ProducerRecord<>(
                        topic,
                        arrival.partition(),
                        arrival.timestamp(),
                        null,
                        ProgramRecords.avro(arrival.change().row()))));
                sent.merge(arrival.partition(), 1L, Long::sum);
            }
            for (Future<RecordMetadata> each : unconfirmed) {
                each.get();
            }
        }
        return sent;
    }
}
