package dev.tidewheel.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.HistoryScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ParquetHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.trainer.registry.ModelManifest;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From real flights to registered models: trained on two days, judged on the next. */
class TrainerTest {

    private static final TrainerConfig.Reference REFERENCE =
            new TrainerConfig.Reference(Duration.ofDays(1), List.of("origin"), 3);

    @TempDir
    private static Path sets;

    @TempDir
    private Path folder;

    @BeforeAll
    static void buildSets() throws Exception {
        Definitions definitions =
                Definitions.load(Path.of("../examples/flights")).orThrow();
        ChangeHistory flights = ParquetHistory.read(
                Path.of("../examples/flights/flights.parquet"),
                SourceColumns.of(definitions.source("flights")),
                Map.of("landing", TrainerTest::landing));
        TrainingSetSpec spec = TrainingSetSpec.of(
                definitions.modelPlan("late-arrival"),
                "sha256:service",
                Map.of("origin_delays", 1L, "route_delays", 1L));
        ModelPlan model = definitions.modelPlan("late-arrival");
        for (Retiming world : List.of(Retiming.POINT_IN_TIME, Retiming.EVENT_TIME)) {
            build(model, flights, spec.knowing(world).between(day(8), day(10)), world.kind() + "-train");
            build(model, flights, spec.knowing(world).between(day(10), day(11)), world.kind() + "-test");
        }
    }

    private static void build(ModelPlan model, ChangeHistory flights, TrainingSetSpec spec, String name)
            throws Exception {
        HistoryScan scan = new HistoryScan(flights);
        Map<String, ChangeScan> views = Map.of("origin_delays", scan, "route_delays", scan);
        TrainingSetBuilder.ofModel(spec, model, flights, views).build(sets.resolve(name));
    }

    private static long landing(Row flight) {
        return flight.getLong(1) + 60_000 * (35 + (2 * flight.getLong(5) + 14) / 15);
    }

    private static Instant day(int january) {
        return Instant.parse("2001-01-%02dT00:00:00Z".formatted(january));
    }

    @Test
    void trains_registers_and_judges() throws Exception {
        JsonNode report = new ObjectMapper().readTree(Trainer.run(config("models", "report.json")));

        assertThat(folder.resolve("report.json")).content().contains("\"naive, served honestly\"");
        assertThat(report).hasSize(3);
        double honest = report.get(0).path("metrics").path("auc").doubleValue();
        double naive = report.get(1).path("metrics").path("auc").doubleValue();
        double served = report.get(2).path("metrics").path("auc").doubleValue();
        assertThat(honest).isGreaterThan(0.6);
        assertThat(naive - honest).as("how the naive join flatters").isGreaterThan(0.02);
        assertThat(served).isLessThan(honest);
        assertThat(report.get(2).path("trainedMode").textValue()).isEqualTo("EVENT_TIME");
        assertThat(report.get(2).path("mode").textValue()).isEqualTo("POINT_IN_TIME");

        assertThat(report.get(0).has("influence")).as("not asked for").isFalse();
        JsonNode inFlattery = report.get(1).path("influence");
        JsonNode inService = report.get(2).path("influence");
        assertThat(inFlattery).hasSize(26);
        assertThat(inFlattery.get(0).path("input").textValue()).contains("_delays.");
        assertThat(inFlattery.get(0).path("logLoss").doubleValue()).isPositive();
        assertThat(inFlattery.get(0).path("auc").doubleValue()).isPositive();
        assertThat(inService).hasSize(26).isNotEqualTo(inFlattery);

        ModelManifest manifest = new ModelRegistry(folder.resolve("models"))
                .read("late-arrival", "1")
                .manifest();
        assertThat(manifest.service()).isEqualTo("departure");
        assertThat(manifest.serviceHash()).isEqualTo("sha256:service");
        assertThat(manifest.inputs()).hasSize(26).contains("distance", "origin_delays.mean_delay_1h", "evening");
        assertThat(manifest.trainingSet().table()).isEqualTo("flights.parquet");
        assertThat(manifest.trainingSet().mode()).isEqualTo("POINT_IN_TIME");
        assertThat(manifest.trainingSet().from()).isEqualTo("2001-01-08T00:00:00Z");
        assertThat(manifest.metrics().rows())
                .isEqualTo(manifest.trainingSet().rows())
                .isGreaterThan(5_000);
    }

    @Test
    void the_same_data_give_the_same_bytes() throws Exception {
        String first = Trainer.run(config("a", "a.json"));
        String second = Trainer.run(config("b", "b.json"));
        assertThat(second).isEqualTo(first);
        for (String file :
                List.of("late-arrival/1/model.onnx", "late-arrival/1/model.json", "late-arrival/1/profile.json")) {
            assertThat(folder.resolve("b").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("a").resolve(file));
        }
        assertThat(Trainer.run(config("a", "a.json")))
                .as("once more into the same registry")
                .isEqualTo(first);
    }

    @Test
    void a_version_is_never_replaced() throws Exception {
        Trainer.run(train("POINT_IN_TIME-train", List.of()));
        byte[] before = Files.readAllBytes(folder.resolve("models/late-arrival/1/model.onnx"));
        assertThatThrownBy(() -> Trainer.run(train("EVENT_TIME-train", List.of())))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("choose a new version");
        assertThat(folder.resolve("models/late-arrival/1/model.onnx")).hasBinaryContent(before);
    }

    @Test
    void inputs_must_be_numeric_columns() {
        assertThatThrownBy(() -> Trainer.run(train("POINT_IN_TIME-train", List.of("distance", "origin"))))
                .hasMessageStartingWith("the training set has no numeric column 'origin'; it has [distance, hour");
    }

    private TrainerConfig train(String set, List<String> inputs) {
        return new TrainerConfig(
                folder.resolve("models"),
                List.of(new TrainerConfig.Training(sets.resolve(set), "late-arrival", "1", inputs, 1e-6, REFERENCE)),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private TrainerConfig config(String registry, String report) {
        return new TrainerConfig(
                folder.resolve(registry),
                List.of(
                        new TrainerConfig.Training(
                                sets.resolve("POINT_IN_TIME-train"), "late-arrival", "1", List.of(), 1e-6, REFERENCE),
                        new TrainerConfig.Training(
                                sets.resolve("EVENT_TIME-train"), "naive", "1", List.of(), 1e-6, REFERENCE)),
                List.of(
                        judge("point in time", "POINT_IN_TIME-test", "late-arrival"),
                        judge("naive", "EVENT_TIME-test", "naive"),
                        judge("naive, served honestly", "POINT_IN_TIME-test", "naive")),
                List.of(),
                Optional.empty(),
                Optional.of(folder.resolve(report)));
    }

    private static TrainerConfig.Judging judge(String name, String set, String model) {
        return new TrainerConfig.Judging(name, sets.resolve(set), model, "1", false, model.equals("naive"));
    }
}
