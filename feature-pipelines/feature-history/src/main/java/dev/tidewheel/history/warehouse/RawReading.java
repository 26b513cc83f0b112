package dev.tidewheel.history.warehouse;

import dev.tidewheel.history.parquet.ParquetBatches;
import dev.tidewheel.history.parquet.ParquetBatches.Wanted;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * The files of a raw table at a snapshot, read column by column. Columns are found by their numbers, so a renamed one is
 * the same, and one that came later is null before. Thread-safe.
 */
final class RawReading {
    private static final int BATCH = 4_096;

    private final String name;
    private final Table table;
    private final @Nullable String topic;
    private final long snapshotId;
    private final ErasedPlaces erased;

    /**
     * @param topic whose records are read; null for all
     * @param erased whose records do not count
     */
    RawReading(String name, Table table, @Nullable String topic, long snapshotId, ErasedPlaces erased) {
        this.name = name;
        this.table = table;
        this.topic = topic;
        this.snapshotId = snapshotId;
        this.erased = erased;
    }

    /** Takes some records: where they stood, and in its own columns what they say. */
    @FunctionalInterface
    interface Rows {
        void take(RawPlaces places) throws IOException;
    }

    Origin origin() {
        return new Origin.Snapshot(name, snapshotId);
    }

    /** The only topic whose records count; null if all do. */
    @Nullable
    String topic() {
        return topic;
    }

    /** What the statistics of files can decide. */
    Expression seen(ScanFilter filter, SourceColumns columns) {
        return RawPruning.of(filter, columns, table.schema());
    }

    /**
     * Reads a share of the files.
     *
     * @param seen which files are needed
     * @param columns filled for each call of {@code rows}, and emptied afterwards
     */
    void read(Expression seen, Share share, List<ColumnBuffer> columns, Rows rows) throws IOException {
        RawPlaces places = new RawPlaces(topic, erased);
        List<ColumnBuffer> all = new ArrayList<>(places.columns());
        all.addAll(columns);
        List<Wanted> wanted = all.stream().map(this::wanted).toList();
        List<FileScanTask> files = files(seen);
        for (int i = 0; i < files.size(); i++) {
            if (share.has(i)) {
                read(path(files.get(i)), wanted, () -> {
                    rows.take(places);
                    all.forEach(ColumnBuffer::clear);
                });
            }
        }
    }

    private Wanted wanted(ColumnBuffer column) {
        NestedField field = table.schema().findField(column.column().name());
        return new Wanted(column.column(), OptionalInt.of(field.fieldId()), column);
    }

    /** In an order that every share finds. */
    private List<FileScanTask> files(Expression seen) throws IOException {
        List<FileScanTask> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> found = table.newScan()
                .useSnapshot(snapshotId)
                .filter(Expressions.and(RawTable.counted(topic), seen))
                .planFiles()) {
            found.forEach(files::add);
        }
        files.sort(Comparator.comparing(task -> task.file().location()));
        return files;
    }

    private Path path(FileScanTask task) {
        String location = task.file().location();
        if (task.file().format() != FileFormat.PARQUET || !task.deletes().isEmpty()) {
            throw new IllegalStateException(location + " of " + name
                    + " is no Parquet file, or has deleted rows: it was not written by a feature job");
        }
        return Path.of(table.io().newInputFile(location).location());
    }

    @FunctionalInterface
    private interface Batch {
        void take() throws IOException;
    }

    private static void read(Path path, List<Wanted> wanted, Batch batch) throws IOException {
        try (ParquetBatches file = ParquetBatches.open(path, wanted, rowGroup -> true)) {
            while (file.next(BATCH) > 0) {
                batch.take();
            }
        }
    }
}
