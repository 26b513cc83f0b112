package dev.tidewheel.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ParquetHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.trainer.registry.ModelManifest;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real flights in a raw table: trained on two days, judged on the third, as it was known when that ended. */
class RetrainingTest {

    private static final Instant KNOWN_BY = day(11);

    @TempDir
    private static Path shared;

    private static WarehouseConfig tables;
    private static Warehouse warehouse;
    private static RawFlights raw;
    private static int known;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fillTheRawTable() throws Exception {
        Definitions definitions =
                Definitions.load(Path.of("../examples/flights")).orThrow();
        ChangeHistory flights = ParquetHistory.read(
                Path.of("../examples/flights/flights.parquet"),
                SourceColumns.of(definitions.source("flights")),
                Map.of("landing", RetrainingTest::landing));
        known = (int) IntStream.range(0, flights.size())
                .filter(change -> flights.knownTime(change) <= KNOWN_BY.toEpochMilli())
                .count();
        tables = new WarehouseConfig(shared.resolve("tables"), "jdbc:sqlite:" + shared.resolve("catalog.db"));
        warehouse = Warehouse.open(tables);
        raw = new RawFlights(warehouse, flights);
        raw.append(change -> change < known / 2);
        raw.append(change -> change >= known / 2 && change < known);
        write(definitions, shared.resolve("definitions.json"));
    }

    @AfterAll
    static void close() {
        warehouse.close();
    }

    private static void write(Definitions definitions, Path file) throws IOException {
        JsonMapper json = new JsonMapper();
        ArrayNode entries = json.createArrayNode();
        for (RegistryEntry entry : definitions.toRegistry()) {
            entries.addObject()
                    .put("kind", entry.kind())
                    .put("name", entry.name())
                    .put("hash", entry.hash())
                    .put("body", entry.body())
                    .put("lineage", entry.kind().equals("FeatureView") ? 3 : 0);
        }
        Files.writeString(file, json.writeValueAsString(entries));
    }

    private static long landing(Row flight) {
        return flight.getLong(1) + 60_000 * (35 + (2 * flight.getLong(5) + 14) / 15);
    }

    private static Instant day(int january) {
        return Instant.parse("2001-01-%02dT00:00:00Z".formatted(january));
    }

    @Test
    void whatIsKnownLaterChangesNothing() throws Exception {
        Trainer.run(config("early", "1", List.of()));
        JsonNode first = retrain("early", "weekly-1", List.of("1"));
        raw.append(change -> change >= known && change < known + 20_000);
        JsonNode again = retrain("early", "weekly-1", List.of("1"));
        Trainer.run(config("late", "1", List.of()));
        JsonNode later = retrain("late", "weekly-1", List.of("1"));

        assertThat(again).as("killed and started again").isEqualTo(first);
        assertThat(later.path("snapshotId")).isNotEqualTo(first.path("snapshotId"));
        assertThat(later.path("artifactDigest")).isEqualTo(first.path("artifactDigest"));
        assertThat(later.path("gate")).isEqualTo(first.path("gate"));
        for (String file : List.of("train/data-00000.parquet", "gate/data-00000.parquet")) {
            assertThat(folder.resolve("late/run").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("early/run").resolve(file));
        }
    }

    @Test
    void aVersionIsTrainedAndHeldAgainstOthers() throws Exception {
        Trainer.run(config("models", "1", List.of()));
        JsonNode result = retrain("models", "weekly-1", List.of("1", "weekly-1"));

        ModelManifest manifest = new ModelRegistry(folder.resolve("models/registry"))
                .read("late-arrival", "weekly-1")
                .manifest();
        assertThat(result.path("modelVersion").textValue()).isEqualTo("weekly-1");
        assertThat(result.path("artifactDigest").textValue()).isEqualTo(manifest.artifactDigest());
        assertThat(result.path("snapshotId").textValue())
                .isEqualTo(String.valueOf(manifest.trainingSet().snapshotId()));
        assertThat(result.path("profile").textValue())
                .isEqualTo(manifest.profile())
                .isNotNull();
        assertThat(folder.resolve("models/registry/late-arrival/weekly-1/profile.json"))
                .content()
                .contains("\"version\":\"weekly-1\"")
                .contains("\"ORD\"");
        assertThat(result.path("trainingRows").longValue())
                .isEqualTo(manifest.trainingSet().rows())
                .isGreaterThan(5_000);
        assertThat(manifest.trainingSet().tag()).startsWith("training-").hasSize(21);
        assertThat(result.path("gate"))
                .extracting(entry -> entry.path("version").textValue())
                .containsExactly("weekly-1", "1", "weekly-1");
        assertThat(result.path("gate").get(0)).isEqualTo(result.path("gate").get(2));
        JsonNode judged = result.path("gate").get(0);
        assertThat(judged.path("rows")).isEqualTo(result.path("gateRows"));
        assertThat(judged.path("auc").doubleValue()).isBetween(0.55, 0.95);
        assertThat(judged.path("days")).hasSize(1);
        assertThat(judged.path("days").get(0).path("day").textValue()).isEqualTo("2001-01-10");
        assertThat(judged.path("days").get(0).path("logLoss")).isEqualTo(judged.path("logLoss"));
    }

    @Test
    void whatTryingAgainCannotMendIsAResult() throws Exception {
        assertThatThrownBy(() -> retrain("a", "weekly-1", List.of("gone"))).isInstanceOf(NoSuchFileException.class);

        assertThat(read("a").path("failure").textValue()).contains("gone");
    }

    @Test
    void whoWasTrainedOnAnotherServiceIsNotComparedWith() throws Exception {
        Trainer.run(config("models", "1", List.of()));
        ModelRegistry registry = new ModelRegistry(folder.resolve("models/registry"));
        ModelRegistry.Registered one = registry.read("late-arrival", "1");
        String old = "sha256:" + "0".repeat(64);
        Path manifest = folder.resolve("models/registry/late-arrival/1/model.json");
        String json = Files.readString(manifest);
        Files.writeString(manifest, json.replace(one.manifest().serviceHash(), old));

        assertThatThrownBy(() -> retrain("models", "weekly-1", List.of("1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(read("models").path("failure").textValue())
                .startsWith("champion 1 was trained with service hash " + old);

        JsonNode result = retrain("models", "weekly-2", List.of("weekly-2", "1"));
        assertThat(result.path("gate"))
                .extracting(entry -> entry.path("version").textValue())
                .as("a first champion is left out")
                .containsExactly("weekly-2", "weekly-2");
    }

    @Test
    void aTableThatLagsBehindItsTopicIsWaitedFor() {
        TrainerConfig config = config("b", "1", List.of(new TrainerConfig.Until("flights", 0, 1_000_000_000)));

        assertThatThrownBy(() -> Trainer.run(config))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("raw.flights did not hold the records before {flights-0=1000000000}");
        assertThat(folder.resolve("b/run/result.json")).doesNotExist();
    }

    private JsonNode retrain(String name, String version, List<String> against) throws Exception {
        Trainer.run(config(name, version, against, List.of(new TrainerConfig.Until("flights", 0, known))));
        return read(name);
    }

    private JsonNode read(String name) throws IOException {
        return new JsonMapper()
                .readTree(folder.resolve(name).resolve("run/result.json").toFile());
    }

    private TrainerConfig config(String name, String version, List<TrainerConfig.Until> until) {
        return config(name, version, List.of(), until);
    }

    private TrainerConfig config(String name, String version, List<String> against, List<TrainerConfig.Until> until) {
        Path root = folder.resolve(name);
        return new TrainerConfig(
                root.resolve("registry"),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(new TrainerConfig.Retrain(
                        shared.resolve("definitions.json"),
                        tables,
                        "late-arrival",
                        version,
                        new TrainerConfig.Range(day(8), day(10)),
                        new TrainerConfig.Gate(day(10), day(11), against),
                        KNOWN_BY,
                        until,
                        Duration.ofMillis(1),
                        root.resolve("run"),
                        root.resolve("run/result.json"),
                        List.of(),
                        1e-6,
                        new TrainerConfig.Reference(Duration.ofDays(1), List.of("origin"), 10))),
                Optional.empty());
    }
}
