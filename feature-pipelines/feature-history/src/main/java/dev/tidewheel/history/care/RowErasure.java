package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Type;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the rows of an entity in a raw table: what is left of each is its place, and that it is erased. So the table goes
 * on to have every record once, whoever counts them, and cuts and coverage stay what they were.
 *
 * <p>Files are written anew beside the job that commits to the table, a few per commit; a commit that meets another which
 * took one of the files away is planned anew. What dies in between is done by the next call. Older snapshots keep the files
 * until they expire, those of tags until these are released. Not thread-safe.
 */
public final class RowErasure {
    private static final Logger LOG = LoggerFactory.getLogger(RowErasure.class);
    private static final int ATTEMPTS = 5;
    private static final int FILES_PER_COMMIT = 16;
    /** As feature jobs say it of records that they do not take. */
    private static final String ERASED = "ERASED";

    private static final Set<String> PLACE = Set.of("_topic", "_partition", "_offset", "_timestamp");
    private static final String REJECTED = "_rejected";

    private final Table table;
    private final Set<String> columns;
    private final Expression theirs;

    /**
     * @param entity columns of the table with their texts, as keys have them
     * @throws IllegalArgumentException if the table has no such column, or one that is no key
     */
    public RowErasure(Table table, SortedMap<String, String> entity) {
        this.table = table;
        this.columns = Set.copyOf(entity.keySet());
        Expression all = Expressions.alwaysTrue();
        for (Map.Entry<String, String> column : entity.entrySet()) {
            all = Expressions.and(all, Expressions.equal(column.getKey(), value(column.getKey(), column.getValue())));
        }
        this.theirs = all;
    }

    private Object value(String column, String text) {
        Type type = table.schema().findType(column);
        if (type == null) {
            throw new IllegalArgumentException(table.name() + " has no column '" + column + "'");
        }
        return switch (type.typeId()) {
            case STRING -> text;
            case LONG, INTEGER -> Long.parseLong(text);
            case BOOLEAN -> Boolean.parseBoolean(text);
            default ->
                throw new IllegalArgumentException(
                        "column '" + column + "' of " + table.name() + " is " + type + ", which is no key");
        };
    }

    /**
     * What was done.
     *
     * @param files that were written anew
     * @param rows that were emptied
     */
    public record Result(int files, long rows) {}

    /**
     * Empties all rows that are committed now.
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

    /** The tags whose snapshots still have rows of the entity. */
    public Set<String> tags() {
        Set<String> tags = new TreeSet<>();
        for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
            if (ref.getValue().isTag() && hasRows(ref.getValue().snapshotId())) {
                tags.add(ref.getKey());
            }
        }
        return tags;
    }

    /** Whether snapshots that go by themselves still have rows of the entity: those that no tag names. */
    public boolean olderSnapshotsHaveRows() {
        Set<Long> tagged = new HashSet<>();
        table.refs().values().stream().filter(SnapshotRef::isTag).forEach(ref -> tagged.add(ref.snapshotId()));
        for (Snapshot snapshot : table.snapshots()) {
            if (!tagged.contains(snapshot.snapshotId()) && hasRows(snapshot.snapshotId())) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRows(long snapshot) {
        if (!hadColumns(table.snapshot(snapshot))) {
            return false;
        }
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table)
                .useSnapshot(snapshot)
                .select("_offset")
                .where(theirs)
                .build()) {
            return rows.iterator().hasNext();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + table.name() + " at snapshot " + snapshot, e);
        }
    }

    /** A column that came later is in no row of before. */
    private boolean hadColumns(Snapshot snapshot) {
        Integer schemaId = snapshot.schemaId();
        Schema known = schemaId == null ? null : table.schemas().get(schemaId);
        Schema then = known == null ? table.schema() : known;
        return columns.stream().allMatch(column -> then.findField(column) != null);
    }

    /** One commit's worth; nothing if there is nothing left to do. */
    private Result next() {
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return new Result(0, 0);
        }
        RewriteFiles rewrite =
                table.newRewrite().validateFromSnapshot(head.snapshotId()).set(CareMark.PROPERTY, "erasure");
        List<DataFile> written = new ArrayList<>();
        long rows = 0;
        try {
            for (FileScanTask task : tasks()) {
                if (written.size() == FILES_PER_COMMIT) {
                    break;
                }
                long theirRows = count(task);
                if (theirRows > 0) {
                    DataFile emptied = write(task);
                    written.add(emptied);
                    rewrite.deleteFile(task.file()).addFile(emptied);
                    rows += theirRows;
                }
            }
            if (!written.isEmpty()) {
                rewrite.commit();
            }
        } catch (CommitFailedException | ValidationException e) {
            // Surely not committed, as in Compaction.
            written.forEach(file -> table.io().deleteFile(file.location()));
            throw e;
        }
        return new Result(written.size(), rows);
    }

    /** Manifests keep the bounds of files that are gone, which may be the entity's values, until they are written anew. */
    private void forgetBounds() {
        Snapshot head = table.currentSnapshot();
        if (head != null && head.dataManifests(table.io()).stream().anyMatch(ManifestFile::hasDeletedFiles)) {
            table.rewriteManifests()
                    .clusterBy(file -> "")
                    .rewriteIf(ManifestFile::hasDeletedFiles)
                    .set(CareMark.PROPERTY, "erasure")
                    .commit();
        }
    }

    /** Of the newest snapshot; by the table's schema, which may have a column that no snapshot has yet. */
    private List<FileScanTask> tasks() {
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> files =
                table.newScan().filter(theirs).includeColumnStats().planFiles()) {
            files.forEach(tasks::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        return tasks;
    }

    private long count(FileScanTask task) {
        Evaluator isTheirs = new Evaluator(table.schema().asStruct(), theirs);
        long rows = 0;
        try (CloseableIterable<Record> all = read(task, table.schema())) {
            for (Record row : all) {
                rows += isTheirs.eval(row) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + task.file().location(), e);
        }
        return rows;
    }

    private CloseableIterable<Record> read(FileScanTask task, Schema schema) {
        if (!task.deletes().isEmpty()) {
            throw new IllegalStateException(task.file().location() + " of " + table.name()
                    + " has rows that were deleted one by one: no feature job does that, and nothing was erased");
        }
        return Parquet.read(table.io().newInputFile(task.file().location()))
                .project(schema)
                .createReaderFunc(written -> GenericParquetReaders.buildReader(schema, written))
                .build();
    }

    private DataFile write(FileScanTask task) {
        Schema schema = table.schema();
        Evaluator isTheirs = new Evaluator(schema.asStruct(), theirs);
        String location = table.locationProvider()
                .newDataLocation(task.spec(), task.file().partition(), "care-" + UUID.randomUUID() + ".parquet");
        DataWriter<Record> writer = RawFileWriter.open(table, task, location);
        try (writer;
                CloseableIterable<Record> all = read(task, schema)) {
            for (Record row : all) {
                writer.write(isTheirs.eval(row) ? emptied(row, schema) : row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + location, e);
        }
        return writer.toDataFile();
    }

    private static Record emptied(Record row, Schema schema) {
        Record empty = GenericRecord.create(schema);
        PLACE.forEach(column -> empty.setField(column, row.getField(column)));
        empty.setField(REJECTED, ERASED);
        return empty;
    }
}
