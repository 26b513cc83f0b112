package dev.tidewheel.workbench.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.erase.ErasureScope.Keyed;
import dev.tidewheel.workbench.erase.TableErasure.Emptied;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableErasureTest {
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.optional(1, "origin", Types.StringType.get()),
            Types.NestedField.required(2, "_topic", Types.StringType.get()),
            Types.NestedField.required(3, "_partition", Types.IntegerType.get()),
            Types.NestedField.required(4, "_offset", Types.LongType.get()),
            Types.NestedField.required(5, "_timestamp", Types.LongType.get()),
            Types.NestedField.optional(6, "_rejected", Types.StringType.get()));

    @TempDir
    private Path folder;

    private Warehouse warehouse;
    private Table table;

    @BeforeEach
    void write() throws IOException {
        warehouse = Warehouse.open(
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db")));
        warehouse.catalog().createNamespace(Namespace.of("raw"));
        PartitionSpec spec =
                PartitionSpec.builderFor(SCHEMA).identity("_partition").build();
        table = warehouse.catalog().createTable(TableIdentifier.of("raw", "flights"), SCHEMA, spec);
        append("ORD", "LAX", "ORD");
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Test
    void rowsAreEmptiedOnceTheTableHasWhatTheJobHadRead() throws Exception {
        table.manageSnapshots()
                .createTag("training-m", table.currentSnapshot().snapshotId())
                .commit();

        List<Emptied> emptied = erase(3);

        assertThat(emptied).containsExactly(new Emptied("raw.flights", 2, false, Set.of("training-m")));
        assertThat(erase(3)).containsExactly(new Emptied("raw.flights", 0, false, Set.of("training-m")));
    }

    @Test
    void aTableThatIsBehindIsWaitedForAndNotTouched() {
        assertThatThrownBy(() -> erase(4))
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("raw.flights")
                .hasMessageContaining("erase again later");
        table.refresh();
        assertThat(table.snapshots()).hasSize(1);
    }

    @Test
    void theReportSaysWhatIsGoneWhatWaitsAndWhatStays() {
        ErasureScope scope = new ErasureScope(
                Set.of("flights"),
                Set.of("flights"),
                List.of(new Keyed("airports", 1, List.of("origin"))),
                Set.of("carriers"));

        EraseReport waiting = EraseReport.of(
                new Erasing.Step(scope, List.of("flights"), Map.of()),
                Optional.empty(),
                Duration.ofHours(1),
                Optional.empty());
        EraseReport done = EraseReport.of(
                new Erasing.Step(scope, List.of(), Map.of()),
                Optional.of(2),
                Duration.ofHours(1),
                Optional.of(List.of(new Emptied("raw.flights", 2, true, Set.of("training-m")))));

        assertThat(waiting.waits()).anyMatch(sentence -> sentence.contains("job of source flights"));
        assertThat(waiting.stays()).anyMatch(sentence -> sentence.contains("--warehouse"));
        assertThat(done.gone()).anyMatch(sentence -> sentence.startsWith("2 rows of raw.flights"));
        assertThat(done.waits())
                .anyMatch(sentence -> sentence.contains("after 1h"))
                .anyMatch(sentence -> sentence.contains("older snapshots of raw.flights"));
        assertThat(done.stays())
                .anyMatch(sentence -> sentence.startsWith("tag training-m"))
                .anyMatch(sentence -> sentence.contains("carriers"))
                .anyMatch(sentence -> sentence.contains("tidewheel.inferences"));
    }

    private List<Emptied> erase(long read) throws InterruptedException {
        return new TableErasure(warehouse, Duration.ofMillis(1))
                .erase(
                        new TreeMap<>(Map.of("origin", "ORD")),
                        Map.of("flights", Map.of(new TopicPartition("flights", 0), read)));
    }

    private void append(String... origins) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(table.io().newOutputFile(table.location() + "/data/0.parquet"))
                .forTable(table)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(table.spec())
                .withPartition(DataFiles.data(table.spec(), "_partition=0"))
                .build();
        try (writer) {
            for (int offset = 0; offset < origins.length; offset++) {
                Record row = GenericRecord.create(SCHEMA);
                row.setField("origin", origins[offset]);
                row.setField("_topic", "flights");
                row.setField("_partition", 0);
                row.setField("_offset", (long) offset);
                row.setField("_timestamp", 5L);
                writer.write(row);
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
    }
}
