package dev.tidewheel.history.care;

import dev.tidewheel.history.care.InferenceKeys.Whose;
import dev.tidewheel.history.care.RowErasure.Remaining;
import dev.tidewheel.history.care.RowErasure.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes rows out of the table of metrics whose segment is named by an entity. They have no place that anybody counts, so
 * nothing is left of them: files that have one are written anew without it, and so are all from which rows were deleted,
 * because the files of deletes have the names too.
 *
 * <p>One commit, beside the job that commits to the table, planned anew where both meet. What dies in between is done by the
 * next call. Older snapshots keep the files until they expire. Not thread-safe.
 */
public final class SegmentErasure {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentErasure.class);
    private static final int ATTEMPTS = 5;
    private static final long FILE_BYTES = 128L << 20;
    private static final String SEGMENT = "segment";
    private static final String MARK = "erasure";

    private final Table table;
    private final Schema segments;
    private final Predicate<String> doomed;
    private final Predicate<String> suspected;
    /** Files that have no such row, by what was seen of them: no file ever changes. */
    private final Set<String> clean = new HashSet<>();

    /**
     * @param table of metrics
     * @param suspects whether rows go too whose segment {@linkplain #suspects may be} the entity's
     */
    public SegmentErasure(Table table, EntitySegments entity, boolean suspects) {
        this.table = table;
        this.segments = table.schema().select(SEGMENT);
        this.doomed = segment -> entity.goes(segment, suspects);
        this.suspected = segment -> !suspects && entity.whose(segment) == Whose.PERHAPS;
    }

    /**
     * Takes out all rows that are committed now, also those that were replaced since.
     *
     * @throws CommitFailedException if others came between every time; the next call goes on
     */
    public Result erase() {
        int files = 0;
        long rows = 0;
        int conflicts = 0;
        while (true) {
            table.refresh();
            try {
                Result one = next();
                if (one.files() == 0) {
                    forgetBounds();
                    return new Result(files, rows);
                }
                files += one.files();
                rows += one.rows();
            } catch (CommitFailedException | ValidationException e) {
                LOG.info("{}: erasing met another commit: {}", table.name(), e.getMessage());
                if (++conflicts >= ATTEMPTS) {
                    throw new CommitFailedException(
                            e, "other commits to %s came between %d times; erase again", table.name(), conflicts);
                }
            }
        }
    }

    /** Nothing if there is nothing left to do. */
    private Result next() {
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return new Result(0, 0);
        }
        List<DeleteFile> deletes = UpsertRewrite.deletes(table, head);
        Set<String> concerned = new HashSet<>();
        long rows = 0;
        for (ContentFile<?> delete : deletes) {
            if (count(delete, doomed) > 0) {
                concerned.add(delete.location());
            }
        }
        List<FileScanTask> tasks = UpsertRewrite.tasks(table, head);
        for (FileScanTask task : tasks) {
            long theirs = count(task.file(), doomed);
            if (theirs > 0) {
                concerned.add(task.file().location());
                rows += theirs;
            }
        }
        if (concerned.isEmpty()) {
            return new Result(0, 0);
        }
        Map<String, List<FileScanTask>> anew = new TreeMap<>();
        for (FileScanTask task : tasks) {
            if (!task.deletes().isEmpty() || concerned.contains(task.file().location())) {
                anew.computeIfAbsent(UpsertRewrite.partition(task), unseen -> new ArrayList<>())
                        .add(task);
            }
        }
        List<UpsertRewrite.Group> groups = anew.values().stream()
                .map(files -> new UpsertRewrite.Group(files.get(0), files))
                .toList();
        Compaction.Result written = new UpsertRewrite(table, head, FILE_BYTES, MARK, row -> !doomed.test(segment(row)))
                .commit(groups, deletes);
        return new Result(written.from(), rows);
    }

    /** Where rows of the entity still are, see {@link RowErasure#remaining}. */
    public Remaining remaining() {
        return Remaining.of(
                table,
                new RemainingRows(table, Expressions.alwaysTrue(), row -> doomed.test(segment(row))).snapshots());
    }

    /** How many rows of the newest snapshot have a segment of another name with the entity's values. */
    public long suspects() {
        table.refresh();
        Snapshot head = table.currentSnapshot();
        return head == null
                ? 0
                : UpsertRewrite.tasks(table, head).stream()
                        .mapToLong(task -> read(task.file(), suspected))
                        .sum();
    }

    /**
     * Whether the job has committed two checkpoints since: the first may have begun before, the second began after it.
     *
     * @param time epoch milliseconds, by the clock that stamps commits
     */
    public boolean isWrittenSince(long time) {
        table.refresh();
        return CareMark.checkpointsSince(table, time) > 1;
    }

    /** As {@link RowErasure#unnamedFiles}. */
    public int unnamedFiles() {
        return OrphanFiles.unnamed(table);
    }

    /** As {@link RowErasure#removeUnnamedFiles}. */
    public int removeUnnamedFiles(Duration age, long now) {
        return new OrphanFiles(age).remove(table, now).files();
    }

    private long count(ContentFile<?> file, Predicate<String> wanted) {
        if (clean.contains(file.location()) || !hasSegments(file)) {
            return 0;
        }
        long rows = read(file, wanted);
        if (rows == 0) {
            clean.add(file.location());
        }
        return rows;
    }

    /** A file of deletes by position has none. */
    private boolean hasSegments(ContentFile<?> file) {
        List<Integer> keys = file.equalityFieldIds();
        return switch (file.content()) {
            case DATA -> true;
            case EQUALITY_DELETES ->
                keys != null && keys.contains(segments.findField(SEGMENT).fieldId());
            default -> false;
        };
    }

    private long read(ContentFile<?> file, Predicate<String> wanted) {
        long rows = 0;
        try (CloseableIterable<Record> all = Parquet.read(table.io().newInputFile(file.location()))
                .project(segments)
                .createReaderFunc(written -> GenericParquetReaders.buildReader(segments, written))
                .build()) {
            for (Record row : all) {
                rows += wanted.test(segment(row)) ? 1 : 0;
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.location(), e);
        }
    }

    private static String segment(Record row) {
        return String.valueOf(row.getField(SEGMENT));
    }

    /**
     * Manifests keep the bounds of files that are gone, which may be the entity's name, until they are written anew; those
     * of deletes, of which none is left, go with the next commit that looks at them.
     */
    private void forgetBounds() {
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return;
        }
        if (head.dataManifests(table.io()).stream().anyMatch(ManifestFile::hasDeletedFiles)) {
            table.rewriteManifests()
                    .clusterBy(file -> "")
                    .rewriteIf(ManifestFile::hasDeletedFiles)
                    .set(CareMark.PROPERTY, MARK)
                    .commit();
        }
        if (head.deleteManifests(table.io()).stream().anyMatch(ManifestFile::hasDeletedFiles)) {
            table.newAppend().set(CareMark.PROPERTY, MARK).commit();
        }
    }
}
