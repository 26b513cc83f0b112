package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view changes beside its running job, its readers are switched, back and forth, and its old lineage is retired. */
@Tag("processes")
class SwitchTest {
    private static final int WAITS = 4;

    private static final String SOURCE = """
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: trips}
            spec:
              kafka: {topic: trips, format: json}
              schema: trip.avsc
              eventTime: at
              knownTime: known
              eventId: id
              horizon: 1d
            """;
    private static final String TRIP = """
            {"type": "record", "name": "Trip", "fields": [
              {"name": "id", "type": "string"},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "known", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "station", "type": "string"},
              {"name": "minutes", "type": "long"}
            ]}
            """;
    private static final String DURATIONS = """
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: durations}
            spec:
              source: trips
              entity: [station]
              features:
                - {name: minutes, aggregate: sum, of: minutes, windows: [1h, 1d]}
                - {name: trips, aggregate: count, windows: [lifetime]}
            """;
    private static final String COUNTS = """
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: counts}
            spec:
              source: trips
              entity: [station]
              features:
                - {name: trips, aggregate: count, windows: [1h]}
            """;
    /** Incompatible: it looks at what the other does not keep. */
    private static final String LONGEST =
            DURATIONS + "    - {name: longest, aggregate: max, of: minutes, windows: [1d]}\n";

    @Test
    void aViewIsSwitchedBackAndForthAndItsOldLineageRetired(@TempDir Path folder) throws Exception {
        Path one = folder(folder.resolve("one"), DURATIONS);
        Path two = folder(folder.resolve("two"), LONGEST);
        try (TripsFleet fleet = TripsFleet.start("switch")) {
            assertThat(fleet.tidewheel("apply", one.toString())).isZero();
            fleet.submit();
            fleet.send(600, "station");
            fleet.assertEqualsOracle(one, "durations", 1);

            assertThat(fleet.tidewheel("apply", two.toString()))
                    .as("begun beside the old one")
                    .isEqualTo(WAITS);
            fleet.restart();
            fleet.send(200, "station", "station@1");
            assertThat(fleet.pointer("durations")).isEqualTo(1);
            assertThat(fleet.tidewheel("apply", two.toString(), "--wait", "3m")).isZero();
            assertThat(fleet.pointer("durations")).isEqualTo(2);
            fleet.assertEqualsOracle(two, "durations", 2);

            assertThat(fleet.tidewheel("apply", one.toString()))
                    .as("back at once: the old one is still computed")
                    .isZero();
            assertThat(fleet.pointer("durations")).isEqualTo(1);
            fleet.assertEqualsOracle(one, "durations", 1);
            assertThat(fleet.tidewheel("apply", two.toString())).isZero();

            assertThat(fleet.retire("durations@1"))
                    .as("the job still computes it")
                    .isEqualTo(WAITS);
            assertThat(fleet.retire("durations@1")).as("and goes on to").isEqualTo(WAITS);
            assertThat(fleet.keys("durations", 1)).isPositive();
            fleet.restart();
            fleet.send(100, "station", "station@1");
            assertThat(fleet.retire("durations@1")).isZero();

            assertThat(fleet.keys("durations", 1)).isZero();
            assertThat(fleet.taskManagerLog())
                    .as("its state is freed")
                    .contains("stage station: durations@1 is not computed any more");
            fleet.assertEqualsOracle(two, "durations", 2);
            fleet.assertEqualsOracle(two, "counts", 1);
            assertThat(fleet.keys("durations", 1)).as("nobody writes it again").isZero();
        }
    }

    private static Path folder(Path folder, String view) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("source.yaml"), SOURCE);
        Files.writeString(folder.resolve("trip.avsc"), TRIP);
        Files.writeString(folder.resolve("view.yaml"), view);
        Files.writeString(folder.resolve("counts.yaml"), COUNTS);
        return folder;
    }
}
