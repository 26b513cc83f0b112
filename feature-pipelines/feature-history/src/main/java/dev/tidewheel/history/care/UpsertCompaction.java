package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
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
 * Writes files of a table of upserts together: neighbouring small ones, and, once enough files with deletes have come
 * together, those from which rows were deleted. Each commit of an upsert leaves a file of deletes, which every reader holds
 * against all older files that it may concern; those that no file is left for are dropped.
 *
 * <p>What is written anew counts as old as the snapshot that it was read from: a delete that is committed meanwhile goes on
 * to apply to it. Not thread-safe.
 */
final class UpsertCompaction {
    private final CarePolicy policy;
    private final Runs runs;

    UpsertCompaction(CarePolicy policy) {
        this.policy = policy;
        this.runs = new Runs(policy.fileSize().bytes(), policy.files());
    }

    /** Files of one partition that become one, or, if they are more than a full file, several. */
    private record Group(FileScanTask place, List<FileScanTask> tasks) {}

    /**
     * Does all there is to do, in one commit.
     *
     * @return {@link Compaction.Result#NONE} if there is nothing
     * @throws CommitFailedException if others committed all the time; what was written is removed
     * @throws ValidationException if somebody removed one of the files, or deleted rows by their positions in one
     */
    Compaction.Result next(Table table) {
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return Compaction.Result.NONE;
        }
        List<FileScanTask> all = tasks(table, head);
        List<DeleteFile> deletes = deletes(table, head);
        List<Group> groups = plan(all, deletes.size() >= policy.files());
        Set<String> rewritten = new HashSet<>();
        groups.forEach(
                group -> group.tasks().forEach(task -> rewritten.add(task.file().location())));
        Set<String> needed = new HashSet<>();
        all.stream()
                .filter(task -> !rewritten.contains(task.file().location()))
                .forEach(task -> task.deletes().forEach(delete -> needed.add(delete.location())));
        List<DeleteFile> idle = deletes.stream()
                .filter(delete -> !needed.contains(delete.location()))
                .toList();
        boolean worth = !groups.isEmpty() || idle.size() >= policy.files();
        return worth ? rewrite(table, head, groups, idle) : Compaction.Result.NONE;
    }

    private static List<FileScanTask> tasks(Table table, Snapshot head) {
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

    private static List<DeleteFile> deletes(Table table, Snapshot head) {
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

    /** @param full whether files that have deletes are worth it whatever their size */
    private List<Group> plan(List<FileScanTask> all, boolean full) {
        Map<String, List<FileScanTask>> byPartition = new TreeMap<>();
        for (FileScanTask task : all) {
            String partition = task.spec().specId() + "/"
                    + task.spec().partitionToPath(task.file().partition());
            byPartition.computeIfAbsent(partition, unseen -> new ArrayList<>()).add(task);
        }
        List<Group> groups = new ArrayList<>();
        for (List<FileScanTask> tasks : byPartition.values()) {
            Set<FileScanTask> chosen = new HashSet<>();
            runs.of(tasks, task -> task.file().fileSizeInBytes()).forEach(chosen::addAll);
            if (full) {
                tasks.stream().filter(task -> !task.deletes().isEmpty()).forEach(chosen::add);
            }
            if (!chosen.isEmpty()) {
                groups.add(new Group(
                        tasks.get(0), tasks.stream().filter(chosen::contains).toList()));
            }
        }
        return groups;
    }

    private Compaction.Result rewrite(Table table, Snapshot head, List<Group> groups, List<DeleteFile> idle) {
        RewriteFiles rewrite =
                table.newRewrite().validateFromSnapshot(head.snapshotId()).set(CareMark.PROPERTY, "compaction");
        if (!groups.isEmpty()) {
            rewrite.dataSequenceNumber(head.sequenceNumber());
        }
        List<DataFile> written = new ArrayList<>();
        int from = 0;
        try {
            for (Group group : groups) {
                try (Output output =
                        new Output(table, group.place(), policy.fileSize().bytes(), written)) {
                    for (FileScanTask task : group.tasks()) {
                        copy(table, task, output);
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
    private static void copy(Table table, FileScanTask task, Output output) {
        GenericDeleteFilter left = new GenericDeleteFilter(table.io(), task, table.schema(), table.schema());
        Schema read = left.requiredSchema();
        try (CloseableIterable<Record> all = Parquet.read(
                                table.io().newInputFile(task.file().location()))
                        .project(read)
                        .createReaderFunc(written -> GenericParquetReaders.buildReader(read, written))
                        .build();
                CloseableIterable<Record> rows = left.filter(all)) {
            rows.forEach(output::write);
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
