package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Care of a table that is written as monitoring metrics are: each commit deletes by keys what it writes anew. */
class UpsertCareTest {
    private static final TableIdentifier NAME = TableIdentifier.of("monitoring", "metrics");
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "segment", Types.StringType.get()),
            Types.NestedField.required(2, "window_start", Types.LongType.get()),
            Types.NestedField.required(3, "value", Types.LongType.get()));

    @TempDir
    private Path folder;

    private final JdbcCatalog catalog = new JdbcCatalog();
    /** What stands in the table: the oracle. */
    private final Map<String, Long> rows = new TreeMap<>();

    @BeforeEach
    void open() {
        catalog.initialize(
                WarehouseConfig.CATALOG_NAME,
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"))
                        .catalogProperties(FailingFileIO.class.getName()));
        catalog.createNamespace(Namespace.of("monitoring"));
        var unused = catalog.createTable(NAME, SCHEMA, null, Map.of(TableProperties.FORMAT_VERSION, "2"));
    }

    @AfterEach
    void close() {
        FailingFileIO.live();
        catalog.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noRowChangesWhateverIsDeletedAndWhenever(long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, Map<String, Long>> tagged = new HashMap<>();
        for (int step = 0; step < 40; step++) {
            upsert(random, step);
            if (random.nextInt(6) == 0) {
                deleteOne(random);
            }
            if (random.nextInt(10) == 0) {
                tagged.put("tag-" + step, new TreeMap<>(rows));
                table().manageSnapshots()
                        .createTag("tag-" + step, table().currentSnapshot().snapshotId())
                        .commit();
            }
            if (random.nextInt(4) == 0) {
                CareReport report = care();
                assertThat(report.unfinished()).isEmpty();
            }
            assertThat(read(table().currentSnapshot().snapshotId())).isEqualTo(rows);
        }
        CareReport last = care();

        assertThat(read(table().currentSnapshot().snapshotId())).isEqualTo(rows);
        tagged.forEach((tag, then) ->
                assertThat(read(table().snapshot(tag).snapshotId())).as(tag).isEqualTo(then));
        assertThat(last.health().files()).isLessThanOrEqualTo(2);
        assertThat(last.health().deleteFiles()).isLessThan(CareWorld.eager().files());
    }

    @Test
    void whatIsWrittenAnewMeanwhileReplacesItsRow() throws IOException {
        Random random = new Random(6);
        for (int step = 0; step < 12; step++) {
            upsert(random, 0);
        }
        FailingFileIO.beforeCareWrites(() -> upsert(new Random(7), 0));

        CareReport report = care();

        assertThat(report.filesFrom()).isPositive();
        assertThat(report.conflicts()).as("deletes by keys go on to apply").isZero();
        assertThat(read(table().currentSnapshot().snapshotId())).isEqualTo(rows);
        care();
        assertThat(read(table().currentSnapshot().snapshotId())).isEqualTo(rows);
    }

    @Test
    void aRowThatIsDeletedByItsPlaceMeanwhileStaysDeleted() throws IOException {
        Random random = new Random(8);
        for (int step = 0; step < 12; step++) {
            upsert(random, step);
        }
        FailingFileIO.beforeCareWrites(() -> deleteOne(random));

        CareReport report = care();

        assertThat(report.conflicts()).as("planned anew").isEqualTo(1);
        assertThat(report.unfinished()).isEmpty();
        assertThat(read(table().currentSnapshot().snapshotId())).isEqualTo(rows);
    }

    private Table table() {
        return catalog.loadTable(NAME);
    }

    private CareReport care() {
        return new TableCare(NAME.toString(), CareWorld.eager(), "training-").run(table(), System.currentTimeMillis());
    }

    /** As Flink's writer does it in a checkpoint: what is written is first deleted, by its key, from what was before. */
    private void upsert(Random random, int step) {
        Table table = table();
        Map<String, Record> records = new TreeMap<>();
        for (int i = 0; i < 1 + random.nextInt(5); i++) {
            Record record = GenericRecord.create(SCHEMA);
            record.setField("segment", "s" + random.nextInt(3));
            record.setField("window_start", (long) step / 5);
            record.setField("value", random.nextLong());
            records.put(key(record), record);
            rows.put(key(record), (Long) record.getField("value"));
        }
        try {
            UpsertFiles.commit(table, records.values(), "segment", "window_start");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By its place, the first of a file; where that row is deleted already, nothing changes, and another file follows. */
    private void deleteOne(Random random) {
        List<DataFile> files = files();
        int start = random.nextInt(files.size());
        Map<String, Long> before = new TreeMap<>(rows);
        for (int i = 0; i < files.size() && rows.size() == before.size(); i++) {
            deleteFirst(files.get((start + i) % files.size()));
            Map<String, Long> after = read(table().currentSnapshot().snapshotId());
            assertThat(before.entrySet()).containsAll(after.entrySet());
            rows.keySet().retainAll(after.keySet());
        }
        assertThat(rows).as("one row is gone").hasSize(before.size() - 1);
    }

    /** In an order that a seed gives again: plans and names have none. */
    private List<DataFile> files() {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table().newScan().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(Comparator.<DataFile>comparingLong(DataFile::dataSequenceNumber)
                .thenComparingLong(DataFile::recordCount));
        return files;
    }

    private void deleteFirst(DataFile file) {
        Table table = table();
        try {
            PositionDeleteWriter<Record> deletes = Parquet.writeDeletes(
                            table.io().newOutputFile(UpsertFiles.file(table)))
                    .withSpec(table.spec())
                    .overwrite()
                    .buildPositionWriter();
            try (deletes) {
                PositionDelete<Record> first = PositionDelete.create();
                deletes.write(first.set(file.location(), 0));
            }
            RowDelta delta = table.newRowDelta().addDeletes(deletes.toDeleteFile());
            delta.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Long> read(long snapshot) {
        Map<String, Long> read = new TreeMap<>();
        try (CloseableIterable<Record> all =
                IcebergGenerics.read(table()).useSnapshot(snapshot).build()) {
            all.forEach(record -> assertThat(read.put(key(record), (Long) record.getField("value")))
                    .as("one row per key")
                    .isNull());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }

    private static String key(Record record) {
        return record.getField("segment") + "/" + record.getField("window_start");
    }
}
