package dev.tidewheel.history.care;

import dev.tidewheel.history.warehouse.RawFiles;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/** A raw table, who writes it, and an oracle that reads all of it. Its files fail when {@link FailingFileIO} is told so. */
final class CareWorld implements AutoCloseable {
    static final TableIdentifier NAME = TableIdentifier.of("raw", "events");
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.optional(1, "key", Types.StringType.get()),
            Types.NestedField.optional(2, "number", Types.IntegerType.get()),
            Types.NestedField.optional(3, "amount", Types.DoubleType.get()),
            Types.NestedField.required(4, "_topic", Types.StringType.get()),
            Types.NestedField.required(5, "_partition", Types.IntegerType.get()),
            Types.NestedField.required(6, "_offset", Types.LongType.get()),
            Types.NestedField.required(7, "_timestamp", Types.LongType.get()),
            Types.NestedField.optional(8, "_rejected", Types.StringType.get()));

    /** What the disk has not written is lost with the machine, and tests have no other. */
    private static final String UNSYNCED = "?synchronous=OFF&busy_timeout=30000";

    private final JdbcCatalog catalog = new JdbcCatalog();
    private final Random random;
    private final Map<String, Long> next = new TreeMap<>();

    CareWorld(Path folder, long seed) {
        random = new Random(seed);
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db") + UNSYNCED);
        catalog.initialize(WarehouseConfig.CATALOG_NAME, config.catalogProperties(FailingFileIO.class.getName()));
        if (!catalog.namespaceExists(Namespace.of("raw"))) {
            catalog.createNamespace(Namespace.of("raw"));
            catalog.createTable(
                    NAME,
                    SCHEMA,
                    RawFiles.byPartition(SCHEMA),
                    Map.of(
                            TableProperties.FORMAT_VERSION, "2",
                            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
                            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20"));
        }
    }

    /** Everything old goes at once, and all that is more than two is written together. */
    static CarePolicy eager() {
        return new CarePolicy(Duration.ZERO, 1, Optional.empty(), new DataSize(1 << 20), 2, 2, Duration.ofMinutes(10));
    }

    static TableCare care(CarePolicy policy) {
        return new TableCare(NAME.toString(), policy, "training-");
    }

    /** As somebody sees it who opens it now. */
    Table table() {
        return catalog.loadTable(NAME);
    }

    /** One checkpoint of a job: a file for some partitions, in the order of their offsets. */
    void commit() throws IOException {
        RawFiles.append(table(), records(1 + random.nextInt(4)));
    }

    /** How many rows {@link #commit()} has written. */
    int written() {
        return next.values().stream().mapToInt(Long::intValue).sum();
    }

    /** Records that follow those before. */
    List<Record> records(int perPartition) {
        List<Record> records = new ArrayList<>();
        for (String topic :
                List.of("events-of-a-company-with-a-long-name.a", "events-of-a-company-with-a-long-name.b")) {
            for (int partition = 0; partition < 2; partition++) {
                if (random.nextInt(4) > 0) {
                    for (int i = 0; i < perPartition; i++) {
                        records.add(record(topic, partition, next.merge(topic + partition, 1L, Long::sum) - 1));
                    }
                }
            }
        }
        return records.isEmpty() ? records(perPartition) : records;
    }

    Record record(String topic, int partition, long offset) {
        Record record = GenericRecord.create(SCHEMA);
        record.setField("key", random.nextInt(5) == 0 ? null : "k" + random.nextInt(50));
        record.setField("number", random.nextInt());
        record.setField(
                "amount", random.nextInt(5) == 0 ? Double.NaN : random.nextInt(2) == 0 ? -0.0 : random.nextDouble());
        record.setField("_topic", topic);
        record.setField("_partition", partition);
        record.setField("_offset", offset);
        record.setField("_timestamp", 5L);
        record.setField("_rejected", random.nextInt(9) == 0 ? "UNDECODABLE" : null);
        return record;
    }

    /** All rows of the newest snapshot and of every tag, in no order; the oracle. */
    Map<String, List<String>> everything() {
        Table table = table();
        Map<String, List<String>> rows = new HashMap<>();
        table.refs().forEach((name, ref) -> rows.put(name, rows(table, ref.snapshotId())));
        return rows;
    }

    private static List<String> rows(Table table, long snapshot) {
        List<String> rows = new ArrayList<>();
        try (CloseableIterable<Record> all =
                IcebergGenerics.read(table).useSnapshot(snapshot).build()) {
            all.forEach(row -> rows.add(row.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Collections.sort(rows);
        return rows;
    }

    /** By partition the ranges of offsets of its files, ascending. */
    Map<String, List<long[]>> ranges() {
        Map<String, List<long[]>> ranges = new TreeMap<>();
        int id = SCHEMA.findField("_offset").fieldId();
        try (CloseableIterable<FileScanTask> files =
                table().newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : files) {
                ranges.computeIfAbsent(task.file().partition().toString(), unseen -> new ArrayList<>())
                        .add(new long[] {
                            Conversions.fromByteBuffer(
                                    Types.LongType.get(),
                                    task.file().lowerBounds().get(id)),
                            Conversions.fromByteBuffer(
                                    Types.LongType.get(),
                                    task.file().upperBounds().get(id))
                        });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ranges.values().forEach(files -> files.sort((a, b) -> Long.compare(a[0], b[0])));
        return ranges;
    }

    @Override
    public void close() {
        catalog.close();
    }
}
