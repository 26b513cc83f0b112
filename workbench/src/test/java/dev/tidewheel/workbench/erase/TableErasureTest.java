package dev.tidewheel.workbench.erase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.history.care.RowErasure.Remaining;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.erase.EraseReport.Done;
import dev.tidewheel.workbench.erase.ErasureScope.Keyed;
import dev.tidewheel.workbench.erase.StoreErasure.Deleted;
import dev.tidewheel.workbench.erase.TableErasure.Emptied;
import dev.tidewheel.workbench.erase.TableErasure.Until;
import dev.tidewheel.workbench.erase.TopicSearch.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
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

    private static final List<String> NAMES = List.of("origin", "who");

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
        Table inferences = inferences();
        appendInferences(inferences, NAMES, List.of("ORD", "me"), List.of("LAX", "ORD"));

        assertThat(erase(3).emptied())
                .contains(new Emptied("monitoring.inferences", true, 1, new Remaining(false, true, Set.of()), 0, 0, 0));

        List<Record> rows = rows(inferences);
        assertThat(rows.get(0).getField("request_id")).isEqualTo("r0");
        assertThat(rows.get(0).toString()).doesNotContain("ORD").doesNotContain("me");
        assertThat(rows.get(1).getField("entity_keys")).as("it names another").isEqualTo(List.of("LAX", "ORD"));
    }

    @Test
    void aLoggedInferenceWithoutSuchAKeyIsASuspectByItsTexts() throws Exception {
        Table inferences = inferences();
        appendInferences(inferences, List.of("who", "shop"), List.of("me", "ORD"), List.of("you", "LAX"));

        assertThat(erase(3).emptied())
                .contains(
                        new Emptied("monitoring.inferences", true, 0, new Remaining(false, false, Set.of()), 1, 0, 0));
        assertThat(erase(Map.of(), Set.of(), Map.of(), true).emptied())
                .contains(new Emptied("monitoring.inferences", true, 1, new Remaining(false, true, Set.of()), 0, 0, 0));
        assertThat(rows(inferences).toString()).doesNotContain("ORD").contains("LAX");
    }

    @Test
    void theTableOfTheLogIsAwaitedAndEmptiedOfWhatItHas() throws Exception {
        appendInferences(inferences(), NAMES, List.of("ORD", "me"), List.of("LAX", "ORD"));

        assertThat(erase(Map.of(), Set.of(), Map.of(0, 2L), false).left()).isEmpty();
        TableErasure.Outcome behind = erase(Map.of(), Set.of(), Map.of(0, 3L), false);

        assertThat(behind.left().get("monitoring.inferences")).contains("{0=3}").contains("monitoring job");
        assertThat(behind.emptied()).extracting(Emptied::table).contains("monitoring.inferences");
        assertThat(new TableErasure(warehouse, Duration.ofMillis(1), wanted(false)).monitored())
                .contains(Map.of(0, 2L));
    }

    @Test
    void metricsOfASegmentThatIsNamedByItAreTakenOut() throws Exception {
        Table metrics = metrics();

        TableErasure.Outcome outcome = erase(3);

        assertThat(outcome.left().get("monitoring.metrics"))
                .as("rows as these may follow")
                .contains("say this again");
        assertThat(outcome.emptied())
                .contains(new Emptied("monitoring.metrics", false, 1, new Remaining(false, true, Set.of()), 1, 0, 0));
        assertThat(rows(metrics))
                .extracting(row -> row.getField("segment"))
                .containsExactlyInAnyOrder("all", "destination=ORD", "origin=ORDER");
        assertThat(erase(Map.of(), Set.of(), Map.of(), true).emptied())
                .as("those of another name too")
                .contains(new Emptied("monitoring.metrics", false, 1, new Remaining(false, true, Set.of()), 0, 0, 0));
        assertThat(rows(metrics))
                .extracting(row -> row.getField("segment"))
                .containsExactlyInAnyOrder("all", "origin=ORDER");
    }

    /** A commit may be of a checkpoint that began before the profile was read; the next one's began after that. */
    @Test
    void metricsAreLeftUntilTheirJobHasCommittedTwiceSinceTheProfile() throws Exception {
        Table metrics = metrics();
        long now = metrics.currentSnapshot().timestampMillis();
        long longAgo = now - Duration.ofMinutes(2).toMillis();
        erase(3);

        assertThat(left(OptionalLong.empty()))
                .as("nobody is told by its column")
                .doesNotContainKey("monitoring.metrics");
        assertThat(left(OptionalLong.of(longAgo))).containsKey("monitoring.metrics");
        checkpoint(metrics, 1);
        checkpoint(metrics, 1);
        assertThat(left(OptionalLong.of(longAgo))).as("one checkpoint").containsKey("monitoring.metrics");
        checkpoint(metrics, 2);
        assertThat(left(OptionalLong.of(longAgo))).doesNotContainKey("monitoring.metrics");
        assertThat(left(OptionalLong.of(now))).as("within a minute").containsKey("monitoring.metrics");
    }

    private Map<String, String> left(OptionalLong profiles) throws InterruptedException {
        return new TableErasure(warehouse, Duration.ofMillis(1), wanted(false))
                .erase(new TreeMap<>(Map.of("origin", "ORD")), new Until(Map.of(), Map.of(), Set.of(), profiles))
                .left();
    }

    /** As Flink's committer does, without a row. */
    private static void checkpoint(Table table, long id) {
        table.newAppend()
                .set("flink.max-committed-checkpoint-id", Long.toString(id))
                .commit();
    }

    private Table metrics() throws IOException {
        monitoring();
        Schema schema = new Schema(Types.NestedField.required(1, "segment", Types.StringType.get()));
        Table metrics = warehouse
                .catalog()
                .createTable(
                        TableIdentifier.of("monitoring", "metrics"),
                        schema,
                        PartitionSpec.unpartitioned(),
                        Map.of(TableProperties.FORMAT_VERSION, "2"));
        DataWriter<Record> writer = Parquet.writeData(
                        metrics.io().newOutputFile(metrics.location() + "/data/0.parquet"))
                .forTable(metrics)
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (writer) {
            for (String segment : List.of("all", "origin=ORD", "destination=ORD", "origin=ORDER")) {
                Record row = GenericRecord.create(schema);
                row.setField("segment", segment);
                writer.write(row);
            }
        }
        metrics.newAppend().appendFile(writer.toDataFile()).commit();
        return metrics;
    }

    @Test
    void filesThatNoSnapshotNamesGoIfThatIsAsked() throws Exception {
        checkpoint(table, 1);
        Path orphan = Path.of(table.location().replaceFirst("^file:", "") + "/data/orphan.parquet");
        Files.writeString(orphan, "of who died");
        long committed = table.currentSnapshot().timestampMillis();
        Files.setLastModifiedTime(orphan, FileTime.fromMillis(committed - 2 * 3_600_000));

        Emptied flights = new TableErasure(
                        warehouse,
                        Duration.ofMillis(1),
                        new TableErasure.Wanted(false, Optional.of(Duration.ofHours(1)), committed + 1_000))
                .erase(
                        new TreeMap<>(Map.of("origin", "ORD")),
                        new Until(Map.of(), Map.of(), Set.of(), OptionalLong.empty()))
                .emptied()
                .get(0);

        assertThat(flights.orphans()).isEqualTo(1);
        assertThat(flights.unnamed()).isZero();
        assertThat(orphan).doesNotExist();
    }

    @Test
    void filesThatNoSnapshotNamesAreCounted() throws Exception {
        Files.writeString(Path.of(table.location().replaceFirst("^file:", "") + "/data/orphan.parquet"), "of who died");

        assertThat(erase(3).emptied())
                .singleElement()
                .extracting(Emptied::unnamed)
                .isEqualTo(1);
    }

    @Test
    void oneTableThatFailsKeepsNoOtherFromBeingErased() throws Exception {
        Table second =
                warehouse.catalog().createTable(TableIdentifier.of("raw", "a_table_before"), SCHEMA, table.spec());

        TableErasure.Outcome outcome =
                erase(Map.of("a_table_before", Map.of(new TopicPartition("other", 0), 4L)), Set.of(), Map.of(), false);

        assertThat(second.currentSnapshot()).isNull();
        assertThat(outcome.left()).containsOnlyKeys("raw.a_table_before");
        assertThat(outcome.emptied()).containsExactly(emptied(2, true));
    }

    private void monitoring() {
        warehouse.catalog().createNamespace(Namespace.of("monitoring"));
    }

    private static List<Record> rows(Table table) throws IOException {
        table.refresh();
        List<Record> rows = new ArrayList<>();
        try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
            all.forEach(rows::add);
        }
        return rows;
    }

    private Table inferences() {
        Schema log = new Schema(
                Types.NestedField.required(1, "request_id", Types.StringType.get()),
                texts(2, "entity_names"),
                texts(4, "entity_keys"),
                texts(6, "strings"),
                Types.NestedField.optional(8, "prediction", Types.DoubleType.get()),
                Types.NestedField.required(400, "_partition", Types.IntegerType.get()),
                Types.NestedField.required(401, "_offset", Types.LongType.get()));
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
        monitoring();
        PartitionSpec spec =
                PartitionSpec.builderFor(log).identity("_partition").build();
        return warehouse.catalog().createTable(TableIdentifier.of("monitoring", "inferences"), log, spec);
    }

    private static Types.NestedField texts(int id, String name) {
        return Types.NestedField.required(id, name, Types.ListType.ofRequired(id + 1, Types.StringType.get()));
    }

    @SafeVarargs
    private static void appendInferences(Table log, List<String> names, List<String>... keys) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(log.io().newOutputFile(log.location() + "/data/0.parquet"))
                .forTable(log)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(log.spec())
                .withPartition(DataFiles.data(log.spec(), "_partition=0"))
                .build();
        try (writer) {
            for (int i = 0; i < keys.length; i++) {
                Record row = GenericRecord.create(log.schema());
                row.setField("_partition", 0);
                row.setField("_offset", (long) i);
                row.setField("request_id", "r" + i);
                row.setField("entity_names", names);
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
    void aTableThatIsBehindIsWaitedForAndNotTouched() throws Exception {
        TableErasure.Outcome outcome = erase(4);

        assertThat(outcome.emptied()).isEmpty();
        assertThat(outcome.left().get("raw.flights")).contains("flights-0=4").contains("say this again");
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
        TableErasure.Outcome outcome = new TableErasure(warehouse, Duration.ofMillis(1), wanted(false))
                .erase(
                        new TreeMap<>(Map.of("customer", "7")),
                        new Until(Map.of(), Map.of(), Set.of(), OptionalLong.empty()));

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
                new Done(
                        Optional.of(new ProfileErasure.Outcome(
                                OptionalLong.of(1), List.of("m.1"), List.of("m.2"), Map.of("m.3", "torn"))),
                        Optional.of(new Deleted(2, 3)),
                        Optional.of(new TableErasure.Outcome(
                                List.of(new Emptied(
                                        "raw.flights",
                                        true,
                                        2,
                                        new Remaining(false, true, Set.of("training-m")),
                                        5,
                                        7,
                                        6)),
                                Map.of("raw.old", "why"))),
                        Optional.of(new TopicErasure.Outcome(
                                4,
                                Map.of("tidewheel.alerts", 9L),
                                List.of(
                                        new Found("tidewheel.inferences", 7, 70, Map.of(0, 76L), 0, 2, 1_000, true),
                                        new Found("tidewheel.metrics", 6, 60, Map.of(0, 65L), 0, 0, 1_000, true),
                                        new Found("tidewheel.labels", 0, 0, Map.of(), 8, 9, 0, false)),
                                Map.of("tidewheel.inferences", Duration.ofDays(30)),
                                Map.of("tidewheel.alerts", "not cut"))),
                        List.of("the store: down")),
                Duration.ofHours(1));

        assertThat(waiting.waits()).anyMatch(sentence -> sentence.contains("job of source flights"));
        assertThat(done.gone())
                .anyMatch(sentence -> sentence.startsWith("its segment in profile m.1"))
                .anyMatch(sentence -> sentence.startsWith("2 rows of raw.flights, but for their places"))
                .anyMatch(sentence -> sentence.startsWith("7 files in the folder of raw.flights"))
                .anyMatch(sentence -> sentence.startsWith("4 dead letters"))
                .anyMatch(sentence -> sentence.startsWith("9 records of tidewheel.alerts"));
        assertThat(done.waits())
                .anyMatch(sentence -> sentence.contains("3 keys") && sentence.contains("after 1h"))
                .anyMatch(sentence -> sentence.contains("older snapshots of raw.flights"))
                .anyMatch(sentence -> sentence.startsWith("the former bytes of 1 profiles"))
                .anyMatch(sentence -> sentence.startsWith("6 files in the folder of raw.flights"))
                .anyMatch(sentence -> sentence.startsWith("2 records of tidewheel.inferences that this version"))
                .anyMatch(sentence -> sentence.startsWith("7 records of tidewheel.inferences")
                        && sentence.contains("30d after 1970"));
        assertThat(done.left())
                .anyMatch(sentence -> sentence.startsWith("tag training-m"))
                .anyMatch(sentence -> sentence.startsWith("5 rows of raw.flights") && sentence.contains("--suspects"))
                .anyMatch(sentence -> sentence.startsWith("8 records of tidewheel.labels that have its values"))
                .anyMatch(
                        sentence -> sentence.startsWith("9 records of tidewheel.labels that this version cannot read"))
                .anyMatch(sentence -> sentence.equals("tidewheel.alerts: not cut"))
                .anyMatch(sentence -> sentence.equals("the store: down"))
                .anyMatch(sentence -> sentence.startsWith("profile m.2") && sentence.contains("--suspects"))
                .anyMatch(sentence -> sentence.startsWith("profile m.3") && sentence.contains("torn"))
                .anyMatch(sentence -> sentence.startsWith("raw.old"))
                .anyMatch(sentence -> sentence.startsWith("6 records of tidewheel.metrics")
                        && sentence.contains("--cut tidewheel.metrics deletes them with 60 others"))
                .anyMatch(sentence -> sentence.startsWith("tidewheel.labels") && sentence.contains("--search-for"));
        assertThat(done.stays()).anyMatch(sentence -> sentence.contains("carriers"));
    }

    /** The tag, or an older snapshot, has what the rows said. */
    private static Emptied emptied(long rows, boolean older) {
        return new Emptied(
                "raw.flights",
                true,
                rows,
                new Remaining(false, older, older ? Set.of() : Set.of("training-m")),
                0,
                0,
                0);
    }

    private static TableErasure.Wanted wanted(boolean suspects) {
        return new TableErasure.Wanted(suspects, Optional.empty(), 0);
    }

    private TableErasure.Outcome erase(long read) throws InterruptedException {
        return erase(Map.of("flights", Map.of(new TopicPartition("flights", 0), read)), Set.of());
    }

    private TableErasure.Outcome erase(Map<String, Map<TopicPartition, Long>> read, Set<String> remembering)
            throws InterruptedException {
        return erase(read, remembering, Map.of(), false);
    }

    private TableErasure.Outcome erase(
            Map<String, Map<TopicPartition, Long>> read,
            Set<String> remembering,
            Map<Integer, Long> logged,
            boolean suspects)
            throws InterruptedException {
        return new TableErasure(warehouse, Duration.ofMillis(1), wanted(suspects))
                .erase(
                        new TreeMap<>(Map.of("origin", "ORD")),
                        new Until(read, logged, remembering, OptionalLong.empty()));
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
