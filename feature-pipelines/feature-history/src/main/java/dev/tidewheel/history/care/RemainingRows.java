package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the snapshots that still have some rows. Snapshots share most of their files: each manifest and each file whose
 * statistics admit such rows is read once, however many snapshots there are. For one thread, and one look.
 */
final class RemainingRows {
    private static final Logger LOG = LoggerFactory.getLogger(RemainingRows.class);

    private final Table table;
    private final Expression filter;
    private final Predicate<Record> looked;
    private final Map<String, Boolean> manifests = new HashMap<>();
    private final Map<String, Boolean> files = new HashMap<>();

    /**
     * @param filter which rows, as far as statistics tell
     * @param looked which of them
     */
    RemainingRows(Table table, Expression filter, Predicate<Record> looked) {
        this.table = table;
        this.filter = filter;
        this.looked = looked;
    }

    /** Their ids. One that expires meanwhile may be among them or not. */
    Set<Long> snapshots() {
        table.refresh();
        Set<Long> having = new HashSet<>();
        for (Snapshot snapshot : table.snapshots()) {
            try {
                if (has(snapshot)) {
                    having.add(snapshot.snapshotId());
                }
            } catch (RuntimeException e) {
                // Care removes a snapshot first and its files then.
                table.refresh();
                if (table.snapshot(snapshot.snapshotId()) != null) {
                    throw e;
                }
                LOG.info("{}: snapshot {} expired meanwhile", table.name(), snapshot.snapshotId());
            }
        }
        return having;
    }

    private boolean has(Snapshot snapshot) {
        for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
            Boolean known = manifests.get(manifest.path());
            boolean has = known == null ? has(manifest) : known;
            manifests.put(manifest.path(), has);
            if (has) {
                return true;
            }
        }
        return false;
    }

    private boolean has(ManifestFile manifest) {
        try (ManifestReader<DataFile> entries =
                ManifestFiles.read(manifest, table.io(), table.specs()).filterRows(filter)) {
            for (DataFile file : entries) {
                if (files.computeIfAbsent(file.location(), this::has)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + manifest.path(), e);
        }
    }

    private boolean has(String file) {
        Schema schema = table.schema();
        try (CloseableIterable<Record> rows = Parquet.read(table.io().newInputFile(file))
                .project(schema)
                .createReaderFunc(written -> GenericParquetReaders.buildReader(schema, written))
                .build()) {
            for (Record row : rows) {
                if (looked.test(row)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
