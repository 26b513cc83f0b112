package dev.tidewheel.history.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.care.RowErasure;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.warehouse.RawRows;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSetsTest {
    private static final TrainingSetSpec SPEC =
            TrainingSetSpec.of(Flights.model(), "sha256:x", Map.of("origin_delays", 1L, "route_delays", 1L));

    @TempDir
    private Path folder;

    @Test
    void theSameSnapshotGivesTheSameBytesLater() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(9), 600);
        try (Warehouse warehouse = open()) {
            RawRows raw = RawRows.create(warehouse);
            raw.append(
                    rows, new int[rows.size()], LongStream.range(0, rows.size()).toArray());
            TrainingSets sets = new TrainingSets(Flights.DEFINITIONS, new WarehouseHistories(warehouse));
            List<Long> progress = new ArrayList<>();

            TrainingSetManifest first = sets.build(order("a"), Map.of(), (done, all) -> progress.add(done))
                    .get(0);
            List<Row> more = Flights.randomRows(new Random(10), 50);
            raw.append(
                    more,
                    new int[more.size()],
                    LongStream.range(1_000, 1_000 + more.size()).toArray());
            raw.expireAllButNewest();
            Long snapshot = first.data().get("flights").snapshotId();
            TrainingSetManifest again = sets.build(order("b"), Map.of("flights", snapshot), TrainingSets.Progress.NONE)
                    .get(0);

            assertThat(again).isEqualTo(first);
            assertThat(first.rows()).isPositive().isEqualTo(progress.get(progress.size() - 1));
            assertThat(first.data().get("flights").tag()).matches("training-[0-9a-f]{12}");
            for (String file : List.of("data-00000.parquet", TrainingSetManifest.FILE)) {
                assertThat(folder.resolve("a").resolve(file))
                        .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
            }
            assertThat(TrainingSetManifest.read(folder.resolve("a").resolve(TrainingSetManifest.FILE)))
                    .isEqualTo(first);
        }
    }

    @Test
    void anErasureIsNamedByItsVersionAlone() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(9), 600);
        try (Warehouse warehouse = open()) {
            RawRows raw = RawRows.create(warehouse);
            raw.append(
                    rows, new int[rows.size()], LongStream.range(0, rows.size()).toArray());
            TrainingSets sets = new TrainingSets(Flights.DEFINITIONS, new WarehouseHistories(warehouse));
            TrainingSetManifest before = build(sets, "a", Map.of());
            Map<String, Long> snapshot =
                    Map.of("flights", before.data().get("flights").snapshotId());
            raw.append(
                    rows.subList(0, 50),
                    new int[50],
                    LongStream.range(1_000, 1_050).toArray());

            erase(warehouse, "D3");
            TrainingSetManifest after = build(sets, "b", snapshot);
            TrainingSetManifest again = build(sets, "c", snapshot);
            erase(warehouse, "D4");
            TrainingSetManifest more = build(sets, "d", snapshot);

            assertThat(before.data().get("flights").erased()).isNull();
            Erased erased = after.data().get("flights").erased();
            assertThat(erased).as("of the snapshot, not of what came later").isNotNull();
            assertThat(erased.rows())
                    .isEqualTo(rows.stream()
                            .filter(row -> "D3".equals(row.getString(4)))
                            .count());
            assertThat(erased.version()).matches("sha256:[0-9a-f]{64}");
            assertThat(after.toJson()).doesNotContain("D3");
            assertThat(after.rows()).isPositive().isLessThan(before.rows());
            assertThat(again).isEqualTo(after);
            assertThat(more.data().get("flights").erased().version()).isNotEqualTo(erased.version());
            assertThat(more.erasedRows()).isGreaterThan(after.erasedRows());
            assertThat(TrainingSetManifest.read(folder.resolve("b").resolve(TrainingSetManifest.FILE)))
                    .isEqualTo(after);
        }
    }

    @Test
    void anErasureInTheMiddleOfABuildIsNotMissed() throws Exception {
        List<Row> rows = Flights.randomRows(new Random(9), 200);
        try (Warehouse warehouse = open()) {
            RawRows.create(warehouse)
                    .append(
                            rows,
                            new int[rows.size()],
                            LongStream.range(0, rows.size()).toArray());
            TrainingSets sets = new TrainingSets(Flights.DEFINITIONS, new WarehouseHistories(warehouse));

            assertThatThrownBy(() -> sets.build(order("a"), Map.of(), (done, all) -> erase(warehouse, "D3")))
                    .hasMessageContaining("build it once more");
            assertThat(folder.resolve("a").resolve(TrainingSetManifest.FILE)).doesNotExist();
        }
    }

    private TrainingSetManifest build(TrainingSets sets, String name, Map<String, Long> snapshots) throws Exception {
        return sets.build(order(name), snapshots, TrainingSets.Progress.NONE).get(0);
    }

    private static void erase(Warehouse warehouse, String destination) {
        RowErasure.of(
                        warehouse.catalog().loadTable(TableIdentifier.of("raw", "flights")),
                        new TreeMap<>(Map.of("destination", destination)),
                        false)
                .orElseThrow()
                .erase();
    }

    @Test
    void anEmptyTableIsSaidToBe() {
        try (Warehouse warehouse = open()) {
            RawRows.create(warehouse);

            assertThatThrownBy(() -> new TrainingSets(Flights.DEFINITIONS, new WarehouseHistories(warehouse))
                            .build(order("a"), Map.of(), TrainingSets.Progress.NONE))
                    .hasMessageContaining("raw.flights has no snapshot yet");
        }
    }

    private List<TrainingSets.Order> order(String name) {
        return List.of(new TrainingSets.Order(SPEC, new Ask.Model(Flights.model()), folder.resolve(name)));
    }

    private Warehouse open() {
        return Warehouse.open(
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
    }
}
