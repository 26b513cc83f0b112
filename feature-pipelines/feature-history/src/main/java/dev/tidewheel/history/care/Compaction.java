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
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes neighbouring small files of a partition together, in the order of their offsets. Keeps what readers of positions
 * lean on: each row with its place, files of one partition each, bounds of offsets, and no overlap that was not there. Not
 * thread-safe.
 */
final class Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    private static final String OFFSET = "_offset";
    /** Of one commit: little is lost by a conflict, and a job meets few commits. */
    private static final int RUNS_PER_COMMIT = 16;

    private final Runs runs;
    /** Files that cannot be merged: rows were deleted from them, or are in no order. */
    private final Set<String> left = new HashSet<>();

    Compaction(CarePolicy policy) {
        this.runs = new Runs(policy.fileSize().bytes(), policy.files());
    }

    /**
     * What was done.
     *
     * @param from files that were written together
     * @param into files that they became
     */
    record Result(int from, int into) {
        static final Result NONE = new Result(0, 0);

        Result plus(Result other) {
            return new Result(from + other.from, into + other.into);
        }
    }

    /** Whether a table's rows have places. */
    static boolean concerns(Table table) {
        return table.schema().findField(OFFSET) != null;
    }

    /** Files that belong together, and where they lie. */
    private record Run(FileScanTask place, List<OffsetFile> files) {}

    /**
     * Does the next commit's worth.
     *
     * @return {@link Result#NONE} if there is nothing to do
     * @throws CommitFailedException if others committed all the time; what was written is removed
     * @throws ValidationException if somebody removed one of the files; what was written is removed
     */
    Result next(Table table) {
        Snapshot head = table.currentSnapshot();
        NestedField offset = table.schema().findField(OFFSET);
        if (head == null || offset == null) {
            return Result.NONE;
        }
        List<Run> planned = plan(table, head, offset);
        List<Run> now = planned.subList(0, Math.min(RUNS_PER_COMMIT, planned.size()));
        return now.isEmpty() ? Result.NONE : rewrite(table, head, now);
    }

    /** How many files are smaller than they should be. */
    long small(Table table) {
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return 0;
        }
        long small = 0;
        try (CloseableIterable<FileScanTask> files =
                table.newScan().useSnapshot(head.snapshotId()).planFiles()) {
            for (FileScanTask task : files) {
                small += runs.isSmall(task.file().fileSizeInBytes()) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        return small;
    }

    private List<Run> plan(Table table, Snapshot head, NestedField offset) {
        Map<String, List<FileScanTask>> byPartition = new TreeMap<>();
        try (CloseableIterable<FileScanTask> files = table.newScan()
                .useSnapshot(head.snapshotId())
                .includeColumnStats(List.of(OFFSET))
                .planFiles()) {
            for (FileScanTask task : files) {
                String partition = task.spec().specId() + "/"
                        + task.spec().partitionToPath(task.file().partition());
                byPartition
                        .computeIfAbsent(partition, unseen -> new ArrayList<>())
                        .add(task);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        List<Run> planned = new ArrayList<>();
        byPartition.values().forEach(tasks -> plan(tasks, offset, planned));
        return planned;
    }

    private void plan(List<FileScanTask> tasks, NestedField offset, List<Run> planned) {
        List<OffsetFile> files = new ArrayList<>();
        for (FileScanTask task : tasks) {
            OffsetFile.of(task.file(), offset).ifPresent(files::add);
            if (!task.deletes().isEmpty()) {
                left.add(task.file().location());
            }
        }
        files.sort(Comparator.comparingLong(OffsetFile::least)
                .thenComparing(file -> file.file().location()));
        runs.of(files, this::size).forEach(run -> planned.add(new Run(tasks.get(0), run)));
    }

    /** A file that cannot be merged counts as full. */
    private long size(OffsetFile file) {
        return left.contains(file.file().location()) ? Long.MAX_VALUE / 2 : file.size();
    }

    private Result rewrite(Table table, Snapshot head, List<Run> planned) {
        List<DataFile> written = new ArrayList<>();
        RewriteFiles rewrite =
                table.newRewrite().validateFromSnapshot(head.snapshotId()).set(CareMark.PROPERTY, "compaction");
        int from = 0;
        try {
            for (Run run : planned) {
                DataFile whole = write(table, run);
                if (whole != null) {
                    written.add(whole);
                    rewrite.addFile(whole);
                    run.files().forEach(file -> rewrite.deleteFile(file.file()));
                    from += run.files().size();
                }
            }
            if (!written.isEmpty()) {
                rewrite.commit();
            }
        } catch (CommitFailedException | ValidationException e) {
            // Surely not committed. Of any other failure the outcome is unknown: what was written is then left to its
            // age.
            written.forEach(file -> table.io().deleteFile(file.location()));
            throw e;
        }
        return new Result(from, written.size());
    }

    /** Null if the files cannot be merged. */
    private @Nullable DataFile write(Table table, Run run) {
        PartitionSpec spec = run.place().spec();
        String location = table.locationProvider()
                .newDataLocation(spec, run.place().file().partition(), "care-" + UUID.randomUUID() + ".parquet");
        try (OffsetMerge rows = new OffsetMerge(table, run.files(), OFFSET)) {
            DataWriter<Record> writer = RawFileWriter.open(table, run.place(), location);
            try (writer) {
                for (Record row = rows.next(); row != null; row = rows.next()) {
                    writer.write(row);
                }
            }
            return checked(writer.toDataFile(), run);
        } catch (UnorderedFileException e) {
            LOG.warn("{}; it is left as it is", e.getMessage());
            left.add(e.location());
            table.io().deleteFile(location);
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + location, e);
        }
    }

    private static DataFile checked(DataFile whole, Run run) {
        long rows = run.files().stream()
                .mapToLong(file -> file.file().recordCount())
                .sum();
        if (whole.recordCount() != rows) {
            throw new IllegalStateException(whole.location() + " has " + whole.recordCount() + " rows and not the "
                    + rows + " of the files that it is written from; nothing was committed");
        }
        return whole;
    }
}
