package dev.tidewheel.history.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written once can be read for ever, and what is written is written down. */
class ManifestTest {
    private static final Path FIRST = Path.of("src/test/resources/training-sets/v1");
    private static final Path SECOND = Path.of("src/test/resources/training-sets/v2");
    private static final Path IMPORTS = Path.of("src/test/resources/training-sets/v2-imports");

    @TempDir
    private Path folder;

    @Test
    void setsOfTheFirstFormatOpen() throws Exception {
        TrainingSet set = TrainingSet.open(FIRST);
        TrainingSetManifest manifest = set.manifest();

        assertThat(set.rows()).isEqualTo(58);
        assertThat(set.labels()).hasSize(58);
        assertThat(set.split("data").rows()).isEqualTo(58);
        assertThat(manifest.model()).isEqualTo("late-arrival");
        assertThat(manifest.service()).isEqualTo("departure");
        assertThat(manifest.lineages()).isEqualTo(Map.of("origin_delays", 3L, "route_delays", 4L));
        assertThat(manifest.knowledge()).isEqualTo(Knowledge.POINT_IN_TIME);
        assertThat(manifest.servingDelay()).isEqualTo("PT2S");
        assertThat(manifest.asked().asOf()).isEqualTo("2001-01-18T00:00:00Z");
        assertThat(manifest.questions())
                .extracting(TrainingSetManifest.Data::name)
                .isEqualTo("random");
        assertThat(manifest.leftOut().total()).isEqualTo(4);
    }

    @Test
    void theSecondFormatIsWrittenAsItWas() throws Exception {
        ChangeHistory history = Flights.random(new Random(42), 60);
        TrainingSetSpec spec = TrainingSetSpec.of(
                        Flights.model(), "sha256:" + "ab".repeat(32), Map.of("origin_delays", 3L, "route_delays", 4L))
                .between(Instant.ofEpochMilli(Flights.START), Instant.ofEpochMilli(Flights.START + 10 * Flights.DAY))
                .delayed(Duration.ofSeconds(2))
                .asOf(Instant.parse("2001-01-18T00:00:00Z"))
                .defined(Map.of("origin_delays", "sha256:" + "cd".repeat(32)));

        TrainingSetBuilder.ofModel(spec, Flights.model(), history, Flights.scans(history))
                .tagged("flights", "set-0123456789ab")
                .build(folder);

        assertThat(folder.resolve(TrainingSetManifest.FILE))
                .hasSameTextualContentAs(SECOND.resolve(TrainingSetManifest.FILE));
        assertThat(folder.resolve("data-00000.parquet")).hasSameBinaryContentAs(SECOND.resolve("data-00000.parquet"));
        assertThat(TrainingSet.open(SECOND).numbers("origin_delays.flights_7d"))
                .as("the same rows as in the first format")
                .isEqualTo(TrainingSet.open(FIRST).numbers("origin_delays.flights_7d"));
    }

    @Test
    void importsAndMeasuredDelaysAreSaidWithinTheSecondFormat() throws Exception {
        Path file = IMPORTS.resolve(TrainingSetManifest.FILE);
        TrainingSetManifest manifest = TrainingSetManifest.read(file);

        assertThat(manifest.toJson()).isEqualTo(Files.readString(file));
        assertThat(manifest.asked().delayMeasured()).isTrue();
        assertThat(manifest.views().get("origin_delays").withoutImports()).containsExactly(1);
        assertThat(manifest.views().get("route_delays").withoutImports()).isEmpty();
        assertThat(manifest.data().get("flights").imports())
                .containsExactly(
                        new ImportOf(0, 600, "sha256:" + "ef".repeat(32)),
                        new ImportOf(1, 7, "sha256:" + "01".repeat(32)));
        TrainingSetManifest before = TrainingSetManifest.read(SECOND.resolve(TrainingSetManifest.FILE));
        assertThat(before.asked().delayMeasured()).as("nobody said").isNull();
        assertThat(before.views().get("origin_delays").withoutImports())
                .as("nobody said")
                .isNull();
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() throws Exception {
        String text = Files.readString(SECOND.resolve(TrainingSetManifest.FILE));

        TrainingSetManifest read = TrainingSetManifest.parse(
                text.replace("\"lineage\" : 3,", "\"lineage\" : 3, \"added\" : [ 1 ],")
                        .replace("\"code\" : 2,", "\"code\" : 2, \"more\" : { },"),
                "here");

        assertThat(read.toJson()).isEqualTo(text);
    }

    @Test
    void laterFormatsAreLeftToLaterVersions() throws IOException {
        Path file = folder.resolve(TrainingSetManifest.FILE);
        Files.writeString(file, "{\"format\": 3}");

        assertThatThrownBy(() -> TrainingSetManifest.read(file)).hasMessageContaining("this version reads 1 to 2");
    }
}
