package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/**
 * Writes files of a table of upserts anew, in one commit: the rows that are left of them, or fewer.
 *
 * <p>What is written anew counts as old as the snapshot that it was read from: a delete that is committed meanwhile goes on
 * to apply to it. Not thread-safe.
 */
final class UpsertRewrite {
    private final Table table;
    private final Snapshot head;
    private final long full;
    private final String mark;
    private final Predicate<Record> kept;

    /**
     * @param head the snapshot that is written anew
     * @param full from so many bytes on a file is ended
     * @param mark what the commit says it did, see {@link CareMark#PROPERTY}
     * @param kept which of the rows that are left stay
     */
    UpsertRewrite(Table table, Snapshot head, long full, String mark, Predicate<Record> kept) {
        this.table = table;
        this.head = head;
        this.full = full;
        this.mark = mark;
        this.kept = kept;
    }

    /** Files of one partition that become one, or, if they are more than a full file, several. */
    record Group(FileScanTask place, List<FileScanTask> tasks) {}

    /** The data files of a snapshot with the deletes that concern them, older ones first. */
    static List<FileScanTask> tasks(Table table, Snapshot head) {
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> files =
                table.newScan().useSnapshot(head.snapshotId()).planFiles()) {
            files.forEach(tasks::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        tasks.sort(Comparator.<FileScanTask>comparingLong(task -> task.file().dataSequenceNumber())
                .thenComparing(task -> task.file().location()));
        return tasks;
    }

    /** All files of deletes of a snapshot. */
    static List<DeleteFile> deletes(Table table, Snapshot head) {
        List<DeleteFile> deletes = new ArrayList<>();
        for (ManifestFile manifest : head.deleteManifests(table.io())) {
            try (ManifestReader<DeleteFile> files =
                    ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
                files.forEach(file -> deletes.add(file.copy()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + manifest.path(), e);
            }
        }
        return deletes;
    }

    /** What tells the partitions of a table apart. */
    static String partition(FileScanTask task) {
        return task.spec().specId() + "/"
                + task.spec().partitionToPath(task.file().partition());
    }

    /**
     * Commits.
     *
     * @param idle files of deletes that concern none but the groups' files, or none at all: they go
     * @throws CommitFailedException if others committed all the time; what was written is removed
     * @throws ValidationException if somebody removed one of the files, or deleted rows by their positions in one
     */
    Compaction.Result commit(List<Group> groups, List<DeleteFile> idle) {
        RewriteFiles rewrite =
                table.newRewrite().validateFromSnapshot(head.snapshotId()).set(CareMark.PROPERTY, mark);
        if (!groups.isEmpty()) {
            rewrite.dataSequenceNumber(head.sequenceNumber());
        }
        List<DataFile> written = new ArrayList<>();
        int from = 0;
        try {
            for (Group group : groups) {
                try (Output output = new Output(table, group.place(), full, written)) {
                    for (FileScanTask task : group.tasks()) {
                        copy(task, output);
                        rewrite.deleteFile(task.file());
                        from++;
                    }
                }
            }
            written.forEach(rewrite::addFile);
            idle.forEach(rewrite::deleteFile);
            rewrite.commit();
        } catch (CommitFailedException | ValidationException e) {
            // Surely not committed, as in Compaction.
            written.forEach(file -> table.io().deleteFile(file.location()));
            throw e;
        }
        return new Compaction.Result(from + idle.size(), written.size());
    }

    /** The rows that are left of a file. */
    private void copy(FileScanTask task, Output output) {
        GenericDeleteFilter left = new GenericDeleteFilter(table.io(), task, table.schema(), table.schema());
        Schema read = left.requiredSchema();
        try (CloseableIterable<Record> all = Parquet.read(
                                table.io().newInputFile(task.file().location()))
                        .project(read)
                        .createReaderFunc(written -> GenericParquetReaders.buildReader(read, written))
                        .build();
                CloseableIterable<Record> rows = left.filter(all)) {
            for (Record row : rows) {
                if (kept.test(row)) {
                    output.write(row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + task.file().location(), e);
        }
    }

    /** Files that are begun when there is a row for them, and ended when they are full. */
    private static final class Output implements AutoCloseable {
        private final Table table;
        private final FileScanTask place;
        private final long full;
        private final List<DataFile> done;
        private @Nullable DataWriter<Record> writer;

        Output(Table table, FileScanTask place, long full, List<DataFile> done) {
            this.table = table;
            this.place = place;
            this.full = full;
            this.done = done;
        }

        void write(Record row) {
            DataWriter<Record> open = writer;
            if (open == null) {
                open = RawFileWriter.open(
                        table,
                        place,
                        table.locationProvider()
                                .newDataLocation(
                                        place.spec(),
                                        place.file().partition(),
                                        "care-" + UUID.randomUUID() + ".parquet"));
                writer = open;
            }
            open.write(row);
            if (open.length() >= full) {
                close();
            }
        }

        @Override
        public void close() {
            DataWriter<Record> open = writer;
            writer = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot write a file of " + table.name(), e);
                }
                done.add(open.toDataFile());
            }
        }
    }
}
