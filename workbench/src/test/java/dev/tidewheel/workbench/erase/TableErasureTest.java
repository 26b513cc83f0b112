package dev.tidewheel.workbench.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.care.RowErasure.Remaining;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.erase.ErasureScope.Keyed;
import dev.tidewheel.workbench.erase.StoreErasure.Deleted;
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

        assertThat(erase(3).emptied()).containsExactly(emptied(2, false));
        assertThat(erase(3).emptied()).containsExactly(emptied(0, false));
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
    void aTableThatNoSourceNamesAnyMoreIsEmptiedToo() throws Exception {
        assertThat(erase(Map.of(), Set.of()).emptied()).containsExactly(emptied(2, true));
    }

    @Test
    void aTableOfWhatRemembersRowsIsNamedAndNotTouched() throws Exception {
        TableErasure.Outcome outcome = erase(Map.of(), Set.of("flights"));

        assertThat(outcome.emptied()).isEmpty();
        assertThat(outcome.left()).containsOnlyKeys("raw.flights");
        table.refresh();
        assertThat(table.snapshots()).hasSize(1);
    }

    @Test
    void aTableThatHadTheColumnsIsNamed() throws Exception {
        table.updateSchema().deleteColumn("origin").commit();

        TableErasure.Outcome outcome = erase(Map.of(), Set.of());

        assertThat(outcome.emptied()).isEmpty();
        assertThat(outcome.left().get("raw.flights")).contains("dropped");
    }

    @Test
    void aTableThatCannotHaveItIsNobodysBusiness() throws Exception {
        TableErasure.Outcome outcome = new TableErasure(warehouse, Duration.ofMillis(1), false)
                .erase(new TreeMap<>(Map.of("customer", "7")), Map.of(), Set.of());

        assertThat(outcome).isEqualTo(new TableErasure.Outcome(List.of(), Map.of()));
    }

    @Test
    void theReportSaysWhatIsGoneWhatWaitsWhatIsLeftAndWhatStays() {
        ErasureScope scope = new ErasureScope(
                Set.of("flights"),
                Map.of("flights", Set.of("airports@1")),
                Set.of("flights"),
                List.of(new Keyed("airports", 1, List.of("origin"))),
                Set.of("carriers"),
                Set.of());

        EraseReport waiting = EraseReport.waiting(new Erasing.Step(scope, List.of("flights"), Map.of()));
        Erasing.Step step = new Erasing.Step(scope, List.of(), Map.of());
        EraseReport done = EraseReport.deleted(
                step,
                new Deleted(2, 3),
                Duration.ofHours(1),
                Optional.of(new TableErasure.Outcome(
                        List.of(new Emptied("raw.flights", 2, new Remaining(false, true, Set.of("training-m")), 5)),
                        Map.of("raw.old", "why"))));
        EraseReport blind = EraseReport.deleted(step, new Deleted(0, 0), Duration.ofHours(1), Optional.empty());

        assertThat(waiting.waits()).anyMatch(sentence -> sentence.contains("job of source flights"));
        assertThat(done.gone()).anyMatch(sentence -> sentence.startsWith("2 rows of raw.flights"));
        assertThat(done.waits())
                .anyMatch(sentence -> sentence.contains("3 keys") && sentence.contains("after 1h"))
                .anyMatch(sentence -> sentence.contains("older snapshots of raw.flights"));
        assertThat(done.left())
                .anyMatch(sentence -> sentence.startsWith("tag training-m"))
                .anyMatch(sentence -> sentence.startsWith("5 refused records of raw.flights"))
                .anyMatch(sentence -> sentence.startsWith("raw.old"));
        assertThat(blind.left()).anyMatch(sentence -> sentence.contains("--warehouse"));
        assertThat(done.stays())
                .anyMatch(sentence -> sentence.contains("carriers"))
                .anyMatch(sentence -> sentence.contains("tidewheel.inferences"));
    }

    /** The tag, or an older snapshot, has what the rows said. */
    private static Emptied emptied(long rows, boolean older) {
        return new Emptied(
                "raw.flights", rows, new Remaining(false, older, older ? Set.of() : Set.of("training-m")), 0);
    }

    private TableErasure.Outcome erase(long read) throws InterruptedException {
        return erase(Map.of("flights", Map.of(new TopicPartition("flights", 0), read)), Set.of());
    }

    private TableErasure.Outcome erase(Map<String, Map<TopicPartition, Long>> read, Set<String> remembering)
            throws InterruptedException {
        return new TableErasure(warehouse, Duration.ofMillis(1), false)
                .erase(new TreeMap<>(Map.of("origin", "ORD")), read, remembering);
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
