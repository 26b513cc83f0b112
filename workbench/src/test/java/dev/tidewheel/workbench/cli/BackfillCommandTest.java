package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewLineage;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.workbench.inspect.SourceBooks;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command as a person types it. */
class BackfillCommandTest {
    private static final Path DEFINITIONS = Path.of("../examples/flights");
    private static final RowSchema FLIGHT = new RowSchema(List.of(
            new Column("flight_id", ColumnType.INT64),
            new Column("date", ColumnType.TIMESTAMP),
            new Column("origin", ColumnType.STRING),
            new Column("destination", ColumnType.STRING),
            new Column("distance", ColumnType.INT64),
            new Column("delay", ColumnType.INT64)));
    private static final long START = Instant.parse("2001-01-08T00:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final long LINEAGE = 7;
    private static final String LANDING = "timestamp(int(date) + 60 * (35 + (2 * distance + 14) / 15))";

    private static final ErasureKey KEY = new ErasureKey("0123456789abcdef0123456789abcdef");

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @TempDir
    private Path folder;

    private Path flights = Path.of("");

    @BeforeEach
    void writeFlights() throws IOException {
        flights = write("flights.parquet", List.of("ORD", "LAX"));
    }

    /** @param origins of the flights that are written; the others are drawn, and left out */
    private Path write(String name, List<String> origins) throws IOException {
        Random random = new Random(8);
        Path file = folder.resolve(name);
        try (ParquetRows out = ParquetRows.create(file, "rows", FLIGHT)) {
            for (int id = 0; id < 600; id++) {
                Row flight = new Row(FLIGHT.size())
                        .setLong(0, id)
                        .setLong(1, START + id * 20 * MINUTE)
                        .setString(2, random.nextBoolean() ? "ORD" : "LAX")
                        .setString(3, "D" + random.nextInt(4))
                        .setLong(4, 100 + random.nextInt(2_000))
                        .setLong(5, random.nextInt(60) - 20);
                if (origins.contains(flight.getString(2))) {
                    out.write(flight);
                }
            }
        }
        return file;
    }

    @Test
    void aTrainingSetOverAnImportIsThatOverTheFile() throws Exception {
        assertThat(backfill("--column", "landing=" + LANDING)).isEqualTo(ExitCode.OK);
        assertThat(backfill("--column", "landing=" + LANDING)).as("again").isEqualTo(ExitCode.OK);

        ChangeHistory raw = raw();
        assertThat(raw.size()).isEqualTo(600);
        assertThat(raw.coverage()).containsOnlyKeys(Channels.importPartition(0));

        String[] where = {"--warehouse", folder.resolve("w").toString(), "--catalog", catalog()};
        String[] files = {"--history", "flights=" + flights, "--column", "flights.landing=" + LANDING};
        assertThat(trainingSet("imported", where)).isEqualTo(ExitCode.OK);
        assertThat(trainingSet("file", files)).isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("imported/data-00000.parquet"))
                .hasSameBinaryContentAs(folder.resolve("file/data-00000.parquet"));
        assertThat(TrainingSet.open(folder.resolve("imported")).rows()).isPositive();
    }

    @Test
    void whoIsErasedDoesNotComeBack() throws Exception {
        KAFKA.createOwnTopics();
        try (RegistryPublisher registry = new RegistryPublisher(KAFKA.config(), Duration.ofSeconds(30))) {
            registry.publish(Erasures.record(KEY, new TreeMap<>(Map.of("origin", "LAX")), 0), Map.of());
        }
        Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef0123456789abcdef\n");
        String[] landing = {"--column", "landing=" + LANDING, "--bootstrap", KAFKA.bootstrap()};

        assertThat(backfill(landing)).as("nobody can tell who it is").isEqualTo(ExitCode.FAILED);
        assertThat(backfill("--column", "landing=" + LANDING, "--erasure-key", key.toString()))
                .as("nobody knows whose key it is")
                .isEqualTo(ExitCode.FAILED);
        try (Warehouse warehouse = Warehouse.open(config())) {
            assertThat(warehouse.rawSources()).isEmpty();
        }
        assertThat(backfill(Stream.concat(Stream.of(landing), Stream.of("--erasure-key", key.toString()))
                        .toArray(String[]::new)))
                .isEqualTo(ExitCode.OK);

        Path others = write("others.parquet", List.of("ORD"));
        assertThat(trainingSet("imported", "--warehouse", folder.resolve("w").toString(), "--catalog", catalog()))
                .isEqualTo(ExitCode.OK);
        assertThat(trainingSet("file", "--history", "flights=" + others, "--column", "flights.landing=" + LANDING))
                .isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("imported/data-00000.parquet"))
                .hasSameBinaryContentAs(folder.resolve("file/data-00000.parquet"));
        assertThat(raw().coverage().get(Channels.importPartition(0)).records()).isEqualTo(600);
        assertThat(TrainingSet.open(folder.resolve("imported")).rows()).isPositive();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThat(backfill()).as("nothing says when a flight landed").isEqualTo(ExitCode.FAILED);
        assertThat(backfill("--column", "landing=" + LANDING, "--known", "date"))
                .as("the source says it itself")
                .isEqualTo(ExitCode.FAILED);
        assertThat(backfill("--column", "landed=" + LANDING)).isEqualTo(ExitCode.FAILED);
        assertThat(backfill("--nonsense")).isEqualTo(ExitCode.USAGE);
        try (Warehouse warehouse = Warehouse.open(config())) {
            assertThat(warehouse.rawSources()).isEmpty();
        }
    }

    @Test
    void refusedRowsAreImportedAsSuch() throws IOException {
        assertThat(backfill("--column", "landing=" + LANDING.replace("distance", "(1000 / (distance % 2))")))
                .isEqualTo(ExitCode.NOT_SOUND);
        ChangeHistory raw = raw();
        assertThat(raw.size()).isBetween(1, 599);
        assertThat(raw.coverage().get(Channels.importPartition(0)).records()).isEqualTo(600);
    }

    @Test
    void booksCloseOverAnImport() throws Exception {
        assertThat(books()).as("no raw table yet").isEqualTo(ExitCode.FAILED);
        assertThat(backfill("--column", "landing=" + LANDING.replace("distance", "(1000 / (distance % 2))")))
                .isEqualTo(ExitCode.NOT_SOUND);

        assertThat(books()).as("what is refused is counted, too").isEqualTo(ExitCode.OK);
        assertThat(books("--source", "others")).isEqualTo(ExitCode.FAILED);

        tellJobs();
        KAFKA.createTopic("flights", 1);
        String[] kafka = {"--bootstrap", KAFKA.bootstrap(), "--output", "JSON"};
        assertThat(books(kafka)).as("nobody has told what is refused").isEqualTo(ExitCode.NOT_SOUND);
        long refused = raw().outcomes().get(Channels.importPartition(0)).refused();
        try (Producer<String, DeadLetter> job =
                KafkaClients.producer(KAFKA.config(), Duration.ofSeconds(30), RecordSerde.of(DeadLetter.class))) {
            for (long offset = 0; offset < refused; offset++) {
                job.send(new ProducerRecord<>(Topics.DEAD_LETTERS, "letter " + offset, letter(offset)))
                        .get();
            }
        }
        assertThat(books(kafka)).isEqualTo(ExitCode.OK);
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(KAFKA.config(), Duration.ofSeconds(30), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("flights", new byte[] {1})).get();
        }
        assertThat(books(kafka)).as("nobody has read the topic's record").isEqualTo(ExitCode.NOT_SOUND);
    }

    @Test
    void aSetNamesImportsAndWhoServesWithoutThem() throws Exception {
        tellJobs();
        assertThat(backfill("--column", "landing=" + LANDING)).isEqualTo(ExitCode.OK);
        String[] where = {
            "--warehouse", folder.resolve("w").toString(), "--catalog", catalog(), "--bootstrap", KAFKA.bootstrap()
        };

        assertThat(trainingSet("named", where)).isEqualTo(ExitCode.OK);

        Path file = folder.resolve("named").resolve(TrainingSetManifest.FILE);
        TrainingSetManifest manifest = TrainingSetManifest.read(file);
        assertThat(manifest.data().get("flights").imports()).singleElement().satisfies(imported -> {
            assertThat(imported.number()).isZero();
            assertThat(imported.rows()).isEqualTo(600);
        });
        assertThat(manifest.views().get("origin_delays").withoutImports()).containsExactly(0);
        assertThat(manifest.views().get("route_delays").withoutImports()).isEmpty();
        assertThat(manifest.lineages()).containsEntry("origin_delays", LINEAGE);
        assertThat(trainingSet("named", where)).as("again").isEqualTo(ExitCode.OK);
        assertThat(TrainingSetManifest.read(file)).isEqualTo(manifest);

        Files.writeString(file, withoutImports(manifest).toJson());
        assertThat(trainingSet("named", where))
                .as("over one of an earlier version")
                .isEqualTo(ExitCode.OK);
        TrainingSetManifest rebuilt = TrainingSetManifest.read(file);
        assertThat(rebuilt.data()).isEqualTo(manifest.data());
        assertThat(rebuilt.views().values())
                .as("which said nothing of lineages")
                .allSatisfy(view -> assertThat(view.withoutImports()).isNull());
        assertThat(trainingSet("named", where)).isEqualTo(ExitCode.OK);
        assertThat(TrainingSetManifest.read(file)).isEqualTo(rebuilt);

        try (Warehouse open = Warehouse.open(new WarehouseConfig(folder.resolve("w"), catalog()))) {
            SourceBooks books = new SourceBooks(Definitions.load(DEFINITIONS).orThrow(), open);
            KAFKA.createTopic("flights", 1);
            books.enter(books.sources(), KAFKA.config());
            assertThat(books.unread())
                    .singleElement()
                    .asString()
                    .startsWith("origin_delays@7 is computed without import 0");
        }
    }

    /** As versions wrote it that did not name imports. */
    private static TrainingSetManifest withoutImports(TrainingSetManifest of) throws IOException {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(of.toJson());
        json.path("views").forEach(view -> ((ObjectNode) view).remove("withoutImports"));
        json.path("data").forEach(data -> ((ObjectNode) data).remove("imports"));
        return TrainingSetManifest.parse(json.toString(), "here");
    }

    /** One lineage was begun before the first import, the other one after it. */
    private static void tellJobs() throws Exception {
        KAFKA.createOwnTopics();
        try (RegistryPublisher registry = new RegistryPublisher(KAFKA.config(), Duration.ofSeconds(30))) {
            Definitions.load(DEFINITIONS).orThrow().toRegistry().stream()
                    .map(entry -> new Definition(
                            entry.kind(), entry.name(), entry.hash(), entry.body(), LINEAGE, List.of(), 0L))
                    .forEach(definition -> registry.publish(definition, Map.of()));
        }
        try (Producer<String, Frontier> jobs =
                KafkaClients.producer(KAFKA.config(), Duration.ofSeconds(30), RecordSerde.of(Frontier.class))) {
            jobs.send(new ProducerRecord<>(Topics.FRONTIERS, frontier("origin_delays", "origin", List.of())))
                    .get();
            jobs.send(new ProducerRecord<>(
                            Topics.FRONTIERS,
                            frontier(
                                    "route_delays",
                                    "origin+destination",
                                    List.of(new PartitionFrontier("flights", Channels.importPartition(0), 600L)))))
                    .get();
        }
    }

    private static Frontier frontier(String view, String stage, List<PartitionFrontier> imports) {
        return Frontier.newBuilder()
                .setJob("flights")
                .setStage(stage)
                .setViews(List.of(new ViewLineage(view, LINEAGE)))
                .setAttempt(1)
                .setSubtask(0)
                .setParallelism(1)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(127)
                .setFlush(1)
                .setPhase(FrontierPhase.ACKNOWLEDGED)
                .setPartitions(imports)
                .setImports(imports)
                .build();
    }

    private static DeadLetter letter(long offset) {
        return DeadLetter.newBuilder()
                .setTopic("flights")
                .setPartition(Channels.importPartition(0))
                .setOffset(offset)
                .setTimestamp(0)
                .setStage("decode")
                .setView(null)
                .setReason(DeadLetterReason.EXPRESSION_ERROR)
                .setDetail("because")
                .build();
    }

    private int books(String... arguments) {
        List<String> all = new ArrayList<>(List.of("books", "--definitions", DEFINITIONS.toString()));
        all.addAll(List.of("--warehouse", folder.resolve("w").toString(), "--catalog", catalog()));
        all.addAll(List.of(arguments));
        return Tidewheel.run(all.toArray(String[]::new));
    }

    private ChangeHistory raw() {
        SourceColumns columns =
                SourceColumns.of(Definitions.load(DEFINITIONS).orThrow().source("flights"));
        try (Warehouse warehouse = Warehouse.open(config())) {
            return warehouse.raw("flights").readNewest(columns);
        }
    }

    private WarehouseConfig config() {
        return new WarehouseConfig(folder.resolve("w"), catalog());
    }

    private String catalog() {
        return "jdbc:sqlite:" + folder.resolve("catalog.db");
    }

    private int backfill(String... arguments) {
        List<String> all = new ArrayList<>(List.of("backfill", "--source", "flights", "--from", flights.toString()));
        all.addAll(List.of("--definitions", DEFINITIONS.toString()));
        all.addAll(List.of("--warehouse", folder.resolve("w").toString(), "--catalog", catalog()));
        all.addAll(List.of(arguments));
        return Tidewheel.run(all.toArray(String[]::new));
    }

    private int trainingSet(String out, String... arguments) {
        List<String> all = new ArrayList<>(List.of("training-set", "--definitions", DEFINITIONS.toString()));
        all.addAll(
                List.of("--model", "late-arrival", "--out", folder.resolve(out).toString()));
        all.addAll(List.of(arguments));
        return Tidewheel.run(all.toArray(String[]::new));
    }
}
