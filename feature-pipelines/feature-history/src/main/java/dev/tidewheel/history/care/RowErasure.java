package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types.NestedField;
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
    private final Expression filter;
    private final Predicate<Record> doomed;
    private final UnaryOperator<Record> emptied;
    private final Suspicion suspicion;
    private final boolean namesIt;

    private RowErasure(
            Table table,
            Expression filter,
            Predicate<Record> doomed,
            UnaryOperator<Record> emptied,
            Suspicion suspicion,
            boolean namesIt) {
        this.table = table;
        this.filter = filter;
        this.doomed = doomed;
        this.emptied = emptied;
        this.suspicion = suspicion;
        this.namesIt = namesIt;
    }

    /**
     * Rows that may be the entity's.
     *
     * @param filter what files are planned by
     */
    private record Suspicion(Expression filter, Predicate<Record> rows) {}

    /**
     * @param entity columns with their texts, as keys have them
     * @param suspects whether refused records are emptied that {@linkplain #suspects may be} the entity's
     * @return empty if no row of the table can be theirs: it lacks a column, or has one that cannot have the value, and
     *     keeps no records that were refused, maybe for that very reason
     */
    public static Optional<RowErasure> of(Table table, SortedMap<String, String> entity, boolean suspects) {
        RefusedRows refused = new RefusedRows(table.schema(), entity);
        Optional<EntityRows> theirs = EntityRows.in(table.schema(), entity);
        if (theirs.isEmpty() && !refused.areKept()) {
            return Optional.empty();
        }
        Expression filter = theirs.map(EntityRows::filter).orElse(Expressions.alwaysFalse());
        Predicate<Record> isTheirs = row -> theirs.isPresent() && theirs.get().isTheirs(row);
        return Optional.of(new RowErasure(
                table,
                suspects ? Expressions.or(filter, refused.filter()) : filter,
                suspects ? isTheirs.or(refused::mayBeTheirs) : isTheirs,
                RowErasure::emptied,
                new Suspicion(refused.filter(), refused::mayBeTheirs),
                theirs.isPresent()));
    }

    /** Whether columns of the table can say that a row is the entity's; else only what was refused may be. */
    public boolean namesIt() {
        return namesIt;
    }

    /**
     * Of the table of logged inferences, whose rows name entities in lists: what is left of each is who was asked, when and
     * how it went, without keys, columns and answer.
     *
     * @param suspects whether rows are emptied that {@linkplain #suspects may be} the entity's
     */
    public static RowErasure ofInferences(Table table, SortedMap<String, String> entity, boolean suspects) {
        InferenceRows theirs = new InferenceRows(entity);
        Predicate<Record> isTheirs = theirs::isTheirs;
        return new RowErasure(
                table,
                Expressions.alwaysTrue(),
                suspects ? isTheirs.or(theirs::mayBeTheirs) : isTheirs,
                InferenceRows::emptied,
                new Suspicion(Expressions.alwaysTrue(), theirs::mayBeTheirs),
                true);
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
        Set<String> clean = new HashSet<>();
        while (true) {
            table.refresh();
            try {
                Result one = next(clean);
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

    /**
     * Where rows of the entity still are.
     *
     * @param newest whether in the newest snapshot: they were committed since
     * @param older whether in snapshots that go by themselves: those that no tag names
     * @param tags names of snapshots that do not
     */
    public record Remaining(boolean newest, boolean older, Set<String> tags) {
        public Remaining {
            tags = Set.copyOf(tags);
        }

        /** @param having the ids of the snapshots that still have such rows */
        static Remaining of(Table table, Set<Long> having) {
            Set<String> tags = new TreeSet<>();
            Set<Long> tagged = new HashSet<>();
            table.refs().forEach((name, ref) -> {
                if (ref.isTag()) {
                    tagged.add(ref.snapshotId());
                    if (having.contains(ref.snapshotId())) {
                        tags.add(name);
                    }
                }
            });
            Snapshot head = table.currentSnapshot();
            long newest = head == null ? -1 : head.snapshotId();
            boolean older = having.stream().anyMatch(id -> id != newest && !tagged.contains(id));
            return new Remaining(having.contains(newest), older, tags);
        }
    }

    /** Looks for rows of the entity in all snapshots, and for those that may be its in those where the newest has none of them. */
    public Remaining remaining() {
        RemainingRows rows = suspects() > 0
                ? new RemainingRows(table, filter, doomed)
                : new RemainingRows(table, Expressions.or(filter, suspicion.filter()), doomed.or(suspicion.rows()));
        return Remaining.of(table, rows.snapshots());
    }

    /**
     * How many rows of the newest snapshot may be the entity's: refused records whose columns do not say it and whose bytes
     * have its texts, logged inferences whose keys do not say it and whose texts have its.
     */
    public long suspects() {
        table.refresh();
        return tasks(suspicion.filter()).stream()
                .mapToLong(task -> count(task, suspicion.rows()))
                .sum();
    }

    /**
     * How many files lie in the table's folder that no snapshot names, so nobody can say whose rows they have: those of
     * writers that died, and what the job has not committed yet.
     *
     * @throws IllegalStateException if the folder does not hold what the table names
     */
    public int unnamedFiles() {
        return OrphanFiles.unnamed(table);
    }

    /**
     * Removes files that no snapshot names, by the rule of care: those that are older by so much than the newest commit of
     * somebody else than care, which is a commit of the job.
     *
     * @param age longer than the job may take from a file's first byte to its commit
     * @param now epoch milliseconds, by the clock that stamps commits
     * @return how many
     * @throws IllegalStateException if the folder does not hold what the table names
     */
    public int removeUnnamedFiles(Duration age, long now) {
        return new OrphanFiles(age).remove(table, now).files();
    }

    /**
     * One commit's worth; nothing if there is nothing left to do.
     *
     * @param clean files that have no such row, by what was seen of them: no file ever changes
     */
    private Result next(Set<String> clean) {
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return new Result(0, 0);
        }
        RewriteFiles rewrite =
                table.newRewrite().validateFromSnapshot(head.snapshotId()).set(CareMark.PROPERTY, "erasure");
        List<DataFile> written = new ArrayList<>();
        long rows = 0;
        try {
            for (FileScanTask task : tasks(filter)) {
                if (written.size() == FILES_PER_COMMIT) {
                    break;
                }
                if (clean.contains(task.file().location())) {
                    continue;
                }
                long theirRows = count(task, doomed);
                if (theirRows == 0) {
                    clean.add(task.file().location());
                } else {
                    DataFile emptied = write(task);
                    written.add(emptied);
                    clean.add(emptied.location());
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
    private List<FileScanTask> tasks(Expression having) {
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> files =
                table.newScan().filter(having).includeColumnStats().planFiles()) {
            files.forEach(tasks::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        return tasks;
    }

    private long count(FileScanTask task, Predicate<Record> wanted) {
        long rows = 0;
        try (CloseableIterable<Record> all = read(task, table.schema())) {
            for (Record row : all) {
                rows += wanted.test(row) ? 1 : 0;
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
        String location = table.locationProvider()
                .newDataLocation(task.spec(), task.file().partition(), "care-" + UUID.randomUUID() + ".parquet");
        DataWriter<Record> writer = RawFileWriter.open(table, task, location);
        try (writer;
                CloseableIterable<Record> all = read(task, schema)) {
            for (Record row : all) {
                writer.write(doomed.test(row) ? emptied.apply(row) : row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + location, e);
        }
        return writer.toDataFile();
    }

    private static Record emptied(Record row) {
        Record empty = row.copy();
        row.struct().fields().stream()
                .map(NestedField::name)
                .filter(column -> !PLACE.contains(column))
                .forEach(column -> empty.setField(column, null));
        empty.setField(REJECTED, ERASED);
        return empty;
    }
}
