package dev.tidewheel.historyjobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.exchange.ClusterMaker;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.run.Ask;
import dev.tidewheel.history.run.FileHistories;
import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.run.Histories;
import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.history.run.WarehouseHistories;
import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.warehouse.RawRows;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training sets of flights, half of which leave from one airport, by the job's own main and configuration: every byte of the
 * folder is that of one process.
 */
class FlightsOnBatchTest {
    private static final int FLIGHTS = 4_000;

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(3)
            .build());

    @TempDir
    private Path folder;

    @Test
    void ofARawTable() throws Exception {
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            RawRows raw = RawRows.create(warehouse);
            List<Row> rows = rows();
            for (int from = 0; from < rows.size(); from += 500) {
                List<Row> some = rows.subList(from, Math.min(rows.size(), from + 500));
                long[] offsets = new long[some.size()];
                for (int i = 0; i < offsets.length; i++) {
                    offsets[i] = from + i;
                }
                raw.append(some, new int[some.size()], offsets);
            }
            assertSame(spec(), new WarehouseHistories(warehouse), Optional.of(fromHere(config)), Map.of());
            assertSame(
                    spec().knowing(Retiming.hindsight(Duration.ofMinutes(100)))
                            .asOf(Instant.ofEpochMilli(Flights.START).plus(Duration.ofDays(7))),
                    new WarehouseHistories(warehouse),
                    Optional.of(config),
                    Map.of());
        }
    }

    @Test
    void ofAFile() throws Exception {
        Path file = folder.resolve("flights.parquet");
        try (ParquetRows out = ParquetRows.create(file, "flights", Flights.SCHEMA)) {
            for (Row row : rows()) {
                out.write(row);
            }
        }
        Map<String, HistoryFile> files = Map.of("flights", new HistoryFile(file, Map.of()));
        assertSame(
                spec().delayed(Duration.ofMinutes(10)),
                new FileHistories(files, Optional.empty(), false),
                Optional.empty(),
                files);
    }

    /** One column is not stored, so the file is held whole by the subtask that reads it. */
    @Test
    void ofAFileWithAComputedColumn() throws Exception {
        Path file = folder.resolve("flights.parquet");
        try (ParquetRows out = ParquetRows.create(file, "flights", Flights.SCHEMA)) {
            for (Row row : rows()) {
                out.write(row);
            }
        }
        Map<String, HistoryFile> files =
                Map.of("flights", new HistoryFile(file, Map.of("delay", "distance % 97 - 20")));
        assertSame(
                spec().knowing(Retiming.EVENT_TIME),
                new FileHistories(files, Optional.empty(), true),
                Optional.empty(),
                files);
    }

    /** Every second row leaves from one airport. */
    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>(Flights.randomRows(new Random(17), FLIGHTS));
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).setString(3, i % 2 == 0 ? "ORD" : "A" + i % 50);
        }
        return rows;
    }

    private static TrainingSetSpec spec() {
        return TrainingSetSpec.of(Flights.model(), "sha256:x", Map.of());
    }

    private void assertSame(
            TrainingSetSpec spec, Histories histories, Optional<WarehouseConfig> tables, Map<String, HistoryFile> files)
            throws Exception {
        Path alone = folder.resolve("alone" + spec.hashCode());
        new TrainingSets(Flights.DEFINITIONS, histories)
                .build(orders(spec, alone), Map.of(), TrainingSets.Progress.NONE);
        for (int parallelism : new int[] {1, 3}) {
            Path together = folder.resolve("together" + parallelism + spec.hashCode());
            ClusterMaker.Place place = new ClusterMaker.Place(
                    folder.resolve("exchange"), parallelism, Optional.of(new DataSize(parallelism * 8_192L)));
            new TrainingSets(Flights.DEFINITIONS, histories)
                    .found(new ClusterMaker(
                            spec, Flights.DEFINITIONS, tables, files, place, FlightsOnBatchTest::runJob))
                    .build(orders(spec, together), Map.of(), TrainingSets.Progress.NONE);

            assertThat(names(together)).isEqualTo(names(alone)).hasSizeGreaterThan(1);
            for (String name : names(alone)) {
                assertThat(together.resolve(name)).hasSameBinaryContentAs(alone.resolve(name));
            }
            assertThat(names(folder.resolve("exchange"))).as("left over").isEmpty();
        }
    }

    private static List<TrainingSets.Order> orders(TrainingSetSpec spec, Path out) {
        return List.of(new TrainingSets.Order(spec, new Ask.Model(Flights.model()), out));
    }

    /** As somebody names it whose folder the cluster does not know. */
    private static WarehouseConfig fromHere(WarehouseConfig config) {
        Path here = Path.of("").toAbsolutePath();
        String file = config.catalog().substring("jdbc:sqlite:".length());
        return new WarehouseConfig(here.relativize(config.path()), "jdbc:sqlite:" + here.relativize(Path.of(file)));
    }

    private static void runJob(Path config) throws IOException {
        ConfigLoader.load(config, TrainingSetJobConfig.class)
                .warehouse()
                .ifPresent(tables -> assertThat(tables).isEqualTo(tables.absolute()));
        try {
            TrainingSetJob.main(new String[] {"--config", config.toString()});
        } catch (Exception e) {
            throw new IOException("the job has failed", e);
        }
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
