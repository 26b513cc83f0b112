package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.warehouse.RawRows;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseCareTest {
    private static final String FLIGHTS = "raw.flights";

    @TempDir
    private Path folder;

    private Warehouse warehouse;
    private RawRows raw;
    private WarehouseCare care;

    @BeforeEach
    void open() throws Exception {
        warehouse = Warehouse.open(
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
        raw = RawRows.create(warehouse);
        care = new WarehouseCare(warehouse, CareWorld.eager());
        List<Row> rows = Flights.randomRows(new Random(3), 90).subList(0, 90);
        for (int i = 0; i < rows.size(); i += 10) {
            int[] partitions = new int[10];
            long[] offsets = new long[10];
            for (int k = 0; k < 10; k++) {
                partitions[k] = k % 2;
                offsets[k] = (i + k) / 2;
            }
            raw.append(rows.subList(i, i + 10), partitions, offsets);
        }
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Test
    void whatReadersOfPositionsAndChangesSeeStays() {
        RawTable before = warehouse.raw("flights");
        Map<TopicPartition, Long> offsets =
                before.nextOffsets(before.newestSnapshot().orElseThrow());
        ChangeHistory changes = before.readNewest(Flights.COLUMNS);

        WarehouseCare.Round round = care.run(care.tables(), System.currentTimeMillis());

        RawTable after = warehouse.raw("flights");
        assertThat(round.failed()).isEmpty();
        assertThat(round.unfinished()).isFalse();
        assertThat(round.done()).singleElement().satisfies(report -> {
            assertThat(report.table()).isEqualTo(FLIGHTS);
            assertThat(report.filesFrom()).isEqualTo(18);
            assertThat(report.filesInto()).isEqualTo(2);
        });
        assertThat(after.newestSnapshot()).isNotEqualTo(before.newestSnapshot());
        assertThat(after.nextOffsets(after.newestSnapshot().orElseThrow()))
                .isEqualTo(offsets)
                .containsEntry(new TopicPartition("flights", 1), 45L);
        ChangeHistory again = after.readNewest(Flights.COLUMNS);
        assertThat(again.coverage()).isEqualTo(changes.coverage());
        assertThat(again.size()).isEqualTo(changes.size());
        for (int change = 0; change < changes.size(); change++) {
            assertThat(again.row(change)).isEqualTo(changes.row(change));
            assertThat(again.position(change)).isEqualTo(changes.position(change));
        }
    }

    @Test
    void aTableThatIsBrokenKeepsNoOtherAndIsTold() throws Exception {
        var table = warehouse
                .catalog()
                .createTable(
                        TableIdentifier.of("raw", "broken"),
                        warehouse
                                .catalog()
                                .loadTable(TableIdentifier.of("raw", "flights"))
                                .schema());
        Files.delete(Path.of(((HasTableOperations) table).operations().current().metadataFileLocation()));
        PrometheusRegistry registry = new PrometheusRegistry();

        WarehouseCare.Round round = care.run(care.tables(), System.currentTimeMillis());
        new CareMetrics(registry).record(round, 5_000);

        assertThat(round.failed()).containsOnlyKeys("raw.broken");
        assertThat(round.done()).hasSize(1);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, registry.scrape());
        assertThat(text.toString(StandardCharsets.UTF_8))
                .contains("tidewheel_table_failures_total{table=\"raw.broken\"} 1.0")
                .contains("tidewheel_table_files{table=\"raw.flights\"} 2.0")
                .contains("tidewheel_table_files_rewritten_total{table=\"raw.flights\"} 18.0")
                .contains("tidewheel_table_last_success_seconds{table=\"raw.flights\"} 5.0");
    }

    @Test
    void aPersonReleasesATag() {
        RawTable table = warehouse.raw("flights");
        long snapshot = table.newestSnapshot().orElseThrow();
        table.tag("training-m-1", snapshot);
        care.run(List.of(FLIGHTS), System.currentTimeMillis());
        assertThat(warehouse.raw("flights").read(Flights.COLUMNS, snapshot).size())
                .isPositive();

        care.releaseTag(FLIGHTS, "training-m-1");
        care.run(List.of(FLIGHTS), System.currentTimeMillis());

        assertThatThrownBy(() -> warehouse.raw("flights").read(Flights.COLUMNS, snapshot))
                .hasMessageContaining("has no snapshot");
        assertThatThrownBy(() -> care.releaseTag(FLIGHTS, "training-m-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no tag 'training-m-1'");
    }
}
