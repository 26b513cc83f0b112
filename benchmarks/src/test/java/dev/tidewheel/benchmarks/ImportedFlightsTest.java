package dev.tidewheel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Handover;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.backfill.Backfill;
import dev.tidewheel.history.backfill.ForeignRows;
import dev.tidewheel.history.backfill.ImportReport;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.run.FileHistories;
import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.run.RawCoverage;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.FeatureJobConfig.Checkpoint;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.FeatureTopology;
import dev.tidewheel.jobs.JobDefinition;
import dev.tidewheel.jobs.JobSettings;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.LiveConnector;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fifth of two months of real flights: the file is imported, February comes by the topic, and a moment hands over. What
 * the job has stored for every airport, and what the raw table has, is what the file alone gives.
 */
class ImportedFlightsTest {
    private static final Path FLIGHTS = Path.of("../examples/flights");
    private static final String LANDING = "timestamp(int(date) + 60 * (35 + (2 * distance + 14) / 15))";
    private static final Instant FEBRUARY = Instant.parse("2001-02-01T00:00:00Z");
    private static final Instant MARCH = Instant.parse("2001-03-01T00:00:00Z");
    /** When the last has landed. */
    private static final long END = MARCH.plus(Duration.ofDays(1)).toEpochMilli();

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int PARALLELISM = 2;

    @TempDir
    Path folder;

    private final Source source = handedOver();
    private final ViewPlan plan = originDelays().get(0).plan();

    /** The example's, with a handover that its file does not have. */
    private static Source handedOver() {
        Source source = Definitions.load(FLIGHTS).orThrow().source("flights");
        return new Source(
                source.name(),
                source.inputs(),
                source.columns(),
                source.horizon(),
                source.futureLimit(),
                source.idle(),
                source.watermarkDelay(),
                new Handover.KnownTime(FEBRUARY));
    }

    static List<StageView> originDelays() {
        return List.of(new StageView(Definitions.load(FLIGHTS).orThrow().viewPlan("origin_delays"), 1));
    }

    @Test
    void januaryIsImportedAndFebruaryIsStreamed() throws Exception {
        Path flights = someFlights();
        ChangeHistory file = new FileHistories(
                        Map.of("flights", new HistoryFile(flights, Map.of("landing", LANDING))),
                        Optional.empty(),
                        false)
                .read(source, Optional.empty());
        long january = changes(file)
                .filter(change -> change.knownTime() < FEBRUARY.toEpochMilli())
                .count();
        assertThat(january).isBetween(1L, file.size() - 1L);

        ImportReport report = importFile(flights);
        assertThat(report.imported().rows()).isEqualTo(file.size());
        assertThat(report.imported().rows() - report.handedOver()).isEqualTo(january);

        try (Platform platform = new Platform()) {
            Map<TopicPartition, Long> streamed = stream(platform, file);
            JobClient job = start(platform);
            KeyIndex keys = file.keys(plan.spec().entity());
            try (RedisFeatureStore store = new RedisFeatureStore(
                    new RedisStoreConfig(platform.redisUri(), "flights", Duration.ofSeconds(5)))) {
                Await.until("every flight is counted", () -> routed(store, keys) >= file.size());
                for (int key = 0; key < keys.size(); key++) {
                    assertEqualsOracle(store, file, keys, key);
                }
                awaitRaw(streamed);
            } finally {
                job.cancel().get();
            }
        }
        try (Warehouse warehouse = Warehouse.open(warehouse())) {
            ChangeHistory raw = warehouse.raw("flights").readNewest(SourceColumns.of(source));
            assertThat(raw.size()).as("what counts of all that is in the table").isEqualTo(file.size());
        }
    }

    private static Stream<Change> changes(ChangeHistory history) {
        return IntStream.range(0, history.size()).mapToObj(history::change);
    }

    private Path someFlights() throws IOException {
        RowTable all = RowTable.read(FLIGHTS.resolve("flights.parquet"));
        int id = all.require("flight_id", "flights");
        int date = all.require("date", "flights");
        Path some = folder.resolve("flights.parquet");
        try (ParquetRows out = ParquetRows.create(some, "flights", all.schema())) {
            for (int number = 0; number < all.size(); number++) {
                if (all.word(number, id) % 5 == 0 && all.word(number, date) < MARCH.toEpochMilli()) {
                    Row row = new Row(all.schema().size());
                    for (int slot = 0; slot < row.size(); slot++) {
                        all.copy(number, slot, row, slot);
                    }
                    out.write(row);
                }
            }
        }
        return some;
    }

    private ImportReport importFile(Path flights) throws IOException {
        RowTable rows = RowTable.read(flights);
        try (Warehouse warehouse = Warehouse.open(warehouse())) {
            return new Backfill(warehouse.catalog(), System.currentTimeMillis(), (done, total) -> {})
                    .run(new ForeignRows(source, rows, Optional.empty(), Map.of("landing", LANDING)));
        }
    }

    /** The store has a record before the checkpoint by which the table gets it; whoever is cancelled makes none. */
    private void awaitRaw(Map<TopicPartition, Long> streamed) throws InterruptedException {
        try (Warehouse warehouse = Warehouse.open(warehouse())) {
            assertThat(new RawCoverage(warehouse, PATIENCE).await("flights", streamed))
                    .isPositive();
        }
    }

    /**
     * What became known in the last days of January, too: the moment leaves it out.
     *
     * @return by partition, the offset after what was sent
     */
    private Map<TopicPartition, Long> stream(Platform platform, ChangeHistory file) throws IOException {
        Map<TopicPartition, Long> sent = new HashMap<>();
        Schema schema = new Schema.Parser().parse(Files.readString(FLIGHTS.resolve("flight.avsc")));
        long from = FEBRUARY.minus(Duration.ofDays(2)).toEpochMilli();
        platform.createTopic("flights");
        try (KafkaProducer<byte[], byte[]> producer = platform.producer(Map.of())) {
            for (int i = 0; i < file.size(); i++) {
                Change flight = file.change(i);
                if (flight.knownTime() >= from) {
                    int partition = i % Workload.PARTITIONS;
                    var unused = producer.send(new ProducerRecord<>(
                            "flights", partition, flight.knownTime(), null, avro(schema, flight.row())));
                    sent.merge(new TopicPartition("flights", partition), 1L, Long::sum);
                }
            }
            producer.flush();
        }
        return sent;
    }

    private byte[] avro(Schema schema, Row row) throws IOException {
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            int slot = source.columns().slot(field.name());
            record.put(
                    field.pos(),
                    switch (field.schema().getType()) {
                        case STRING -> row.getString(slot);
                        case INT -> (int) row.getLong(slot);
                        default -> row.getLong(slot);
                    });
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private WarehouseConfig warehouse() {
        return new WarehouseConfig(folder.resolve("warehouse"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
    }

    private JobClient start(Platform platform) throws Exception {
        FeatureJobConfig config = new FeatureJobConfig(
                "flights",
                "flights",
                ClockMode.STORY,
                platform.kafka(),
                new RedisConfig(platform.redisUri(), Duration.ofSeconds(2)),
                warehouse(),
                new Flush(Duration.ofMillis(50), Duration.ofSeconds(1), 2_000, PATIENCE),
                new Checkpoint(
                        Duration.ofSeconds(1), folder.resolve("checkpoints").toUri()),
                PARALLELISM,
                StateBackend.HASHMAP,
                Inject.NONE);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        new FeatureTopology(
                        environment,
                        config,
                        new JobDefinition(
                                SourceLayout.of(source),
                                source.horizon().toMillis(),
                                () -> Definitions.load(FLIGHTS)
                                        .orThrow()
                                        .source("flights")
                                        .columns(),
                                List.of(new JobDefinition.Entity(
                                        List.of("origin"), ImportedFlightsTest::originDelays))),
                        new LiveConnector(config.kafka(), config.redis(), config.project(), PATIENCE))
                .build();
        return environment.executeAsync("flights");
    }

    private long routed(RedisFeatureStore store, KeyIndex keys) {
        long routed = 0;
        for (int key = 0; key < keys.size(); key++) {
            StoredState stored = stored(store, keys.key(key));
            routed += stored == null
                    ? 0
                    : KeyState.decode(plan, stored.base(), stored.head())
                            .version()
                            .routed();
        }
        return routed;
    }

    private StoredState stored(RedisFeatureStore store, String key) {
        return store.read(List.of(new ViewKey("origin_delays", 1, key)))
                .toCompletableFuture()
                .join()
                .get(0);
    }

    private void assertEqualsOracle(RedisFeatureStore store, ChangeHistory file, KeyIndex keys, int key) {
        List<Change> changes =
                Arrays.stream(keys.changes(key)).mapToObj(file::change).toList();
        NaiveOracle oracle = new NaiveOracle(plan, changes);
        StoredState stored = stored(store, keys.key(key));
        KeyState state = KeyState.decode(plan, stored.base(), stored.head());
        assertThat(state.read(END).row())
                .as(keys.key(key))
                .isEqualTo(oracle.valuesAt(END).row());
        for (Disposition disposition : Disposition.values()) {
            assertThat(state.count(disposition))
                    .as("%s of %s", disposition, keys.key(key))
                    .isEqualTo(oracle.count(disposition));
        }
    }
}
