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
import dev.tidewheel.workbench.erase.TopicSearch.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
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

    private static final TopicErasure.Outcome NOWHERE = new TopicErasure.Outcome(0, Map.of(), List.of(), Map.of());

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
    void loggedInferencesKeepNothingOfItsKeysColumnsAndAnswer() throws Exception {
        Schema log = new Schema(
                Types.NestedField.required(1, "request_id", Types.StringType.get()),
                texts(2, "entity_names"),
                texts(4, "entity_keys"),
                texts(6, "strings"),
                Types.NestedField.optional(8, "prediction", Types.DoubleType.get()));
        for (String column : List.of("numbers", "integers", "nulls", "statuses")) {
            log = new Schema(Stream.concat(
                            log.columns().stream(),
                            Stream.of(texts(100 + 2 * log.columns().size(), column)))
                    .toList());
        }
        log = new Schema(Stream.concat(
                        log.columns().stream(),
                        Stream.of(Types.NestedField.optional(300, "error", Types.StringType.get())))
                .toList());
        warehouse.catalog().createNamespace(Namespace.of("monitoring"));
        Table inferences = warehouse.catalog().createTable(TableIdentifier.of("monitoring", "inferences"), log);
        appendInferences(inferences, List.of("ORD", "me"), List.of("LAX", "ORD"));

        assertThat(erase(3).emptied())
                .contains(new Emptied("monitoring.inferences", 1, new Remaining(false, true, Set.of()), 0));

        inferences.refresh();
        List<Record> rows = new ArrayList<>();
        try (CloseableIterable<Record> all = IcebergGenerics.read(inferences).build()) {
            all.forEach(rows::add);
        }
        assertThat(rows.get(0).getField("request_id")).isEqualTo("r0");
        assertThat(rows.get(0).toString()).doesNotContain("ORD").doesNotContain("me");
        assertThat(rows.get(1).getField("entity_keys")).as("it names another").isEqualTo(List.of("LAX", "ORD"));
    }

    private static Types.NestedField texts(int id, String name) {
        return Types.NestedField.required(id, name, Types.ListType.ofRequired(id + 1, Types.StringType.get()));
    }

    @SafeVarargs
    private static void appendInferences(Table log, List<String>... keys) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(log.io().newOutputFile(log.location() + "/data/0.parquet"))
                .forTable(log)
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (writer) {
            for (int i = 0; i < keys.length; i++) {
                Record row = GenericRecord.create(log.schema());
                row.setField("request_id", "r" + i);
                row.setField("entity_names", List.of("origin", "who"));
                row.setField("entity_keys", keys[i]);
                row.setField("strings", keys[i]);
                row.setField("prediction", 0.5);
                for (String column : List.of("numbers", "integers", "nulls", "statuses")) {
                    row.setField(column, List.of("1"));
                }
                writer.write(row);
            }
        }
        log.newAppend().appendFile(writer.toDataFile()).commit();
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
                        Map.of("raw.old", "why"))),
                new TopicErasure.Outcome(
                        4,
                        Map.of("tidewheel.alerts", 9L),
                        List.of(
                                new Found("tidewheel.inferences", 7, 70, Map.of(0, 76L), 1_000, true),
                                new Found("tidewheel.metrics", 6, 60, Map.of(0, 65L), 1_000, true),
                                new Found("tidewheel.labels", 0, 0, Map.of(), 0, false)),
                        Map.of("tidewheel.inferences", Duration.ofDays(30))));
        EraseReport blind =
                EraseReport.deleted(step, new Deleted(0, 0), Duration.ofHours(1), Optional.empty(), NOWHERE);

        assertThat(waiting.waits()).anyMatch(sentence -> sentence.contains("job of source flights"));
        assertThat(done.gone())
                .anyMatch(sentence -> sentence.startsWith("2 rows of raw.flights"))
                .anyMatch(sentence -> sentence.startsWith("4 dead letters"))
                .anyMatch(sentence -> sentence.startsWith("9 records of tidewheel.alerts"));
        assertThat(done.waits())
                .anyMatch(sentence -> sentence.contains("3 keys") && sentence.contains("after 1h"))
                .anyMatch(sentence -> sentence.contains("older snapshots of raw.flights"))
                .anyMatch(sentence -> sentence.startsWith("7 records of tidewheel.inferences")
                        && sentence.contains("30d after 1970"));
        assertThat(done.left())
                .anyMatch(sentence -> sentence.startsWith("tag training-m"))
                .anyMatch(sentence -> sentence.startsWith("5 refused records of raw.flights"))
                .anyMatch(sentence -> sentence.startsWith("raw.old"))
                .anyMatch(sentence -> sentence.startsWith("6 records of tidewheel.metrics")
                        && sentence.contains("--cut tidewheel.metrics deletes them with 60 others"))
                .anyMatch(sentence -> sentence.startsWith("tidewheel.labels") && sentence.contains("--search-for"));
        assertThat(blind.left()).anyMatch(sentence -> sentence.contains("--warehouse"));
        assertThat(done.stays()).anyMatch(sentence -> sentence.contains("carriers"));
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
