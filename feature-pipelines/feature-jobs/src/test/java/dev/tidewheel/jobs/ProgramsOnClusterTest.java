package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.view.ViewSpec.DerivedColumn;
import dev.tidewheel.jobs.FeatureJobConfig.Checkpoint;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.jobs.tile.StoredPrograms;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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

    private Optional<String> throughJob(RandomProgram program, Programs.Met met) throws Exception {
        String source = "program" + RUNS.incrementAndGet();
        KAFKA.createTopic(source, RandomProgram.PARTITIONS);
        int half = program.arrivals().size() / 2;
        Map<Integer, Long> sent = send(source, program.arrivals().subList(0, half));
        Fuse.arm(program.seed(), CRASHES, 300);
        JobClient job = start(source, program);
        List<String> stages = program.entities().stream()
                .map(entity -> String.join("+", entity))
                .toList();
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), source)) {
            frontiers.await(stages, PARALLELISM, sent, 0);
            send(source, program.arrivals().subList(half, program.arrivals().size()))
                    .forEach((partition, count) -> sent.merge(partition, count, Long::sum));
            frontiers.await(stages, PARALLELISM, sent, 0);
            crashes += Fuse.disarm();
            try (RedisFeatureStore store =
                    new RedisFeatureStore(new RedisStoreConfig(REDIS.uri(), source, Duration.ofSeconds(5)))) {
                return StoredPrograms.difference(fused(program), store, met);
            }
        } finally {
            Fuse.disarm();
            job.cancel().get();
        }
    }

    private JobClient start(String source, RandomProgram program) throws Exception {
        FeatureJobConfig config = new FeatureJobConfig(
                source,
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
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        FeatureJob.build(environment, config, definition(source, program));
        return environment.executeAsync();
    }

    /** Plans do not travel in the job graph: they are drawn again from the seed. */
    private static JobDefinition definition(String source, RandomProgram program) {
        long seed = program.seed();
        SourceLayout layout = new SourceLayout(
                source, source, schema().toString(), "happened", "known", program.declaresIds() ? "id" : null);
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
                        avro(arrival.change().row()))));
                sent.merge(arrival.partition(), 1L, Long::sum);
            }
            for (Future<RecordMetadata> each : unconfirmed) {
                each.get();
            }
        }
        return sent;
    }

    private static Schema schema() {
        StringBuilder fields = new StringBuilder();
        for (Column column : RandomProgram.source().columns()) {
            fields.append(fields.isEmpty() ? "" : ",")
                    .append("{\"name\":\"")
                    .append(column.name())
                    .append("\",\"type\":[\"null\",")
                    .append(type(column))
                    .append("]}");
        }
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Program\",\"fields\":[" + fields + "]}");
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case INT64 -> "\"long\"";
            case TIMESTAMP -> "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
            case FLOAT64 -> "\"double\"";
            case BOOL -> "\"boolean\"";
            case STRING, JSON -> "\"string\"";
        };
    }

    private static byte[] avro(Row row) {
        Schema schema = schema();
        GenericRecord record = new GenericData.Record(schema);
        for (int slot = 0; slot < row.size(); slot++) {
            record.put(slot, row.isNull(slot) ? null : value(row, slot));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Object value(Row row, int slot) {
        return switch (RandomProgram.source().column(slot).type()) {
            case INT64, TIMESTAMP -> row.getLong(slot);
            case FLOAT64 -> row.getDouble(slot);
            case BOOL -> row.getBoolean(slot);
            case STRING, JSON -> String.valueOf(row.getString(slot));
        };
    }
}
