package dev.tidewheel.history.backfill;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Handover;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.backfill.ForeignRows.Judged;
import dev.tidewheel.history.spill.RowSort;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.erase.ErasedRows;
import dev.tidewheel.runtime.warehouse.RawSchema;
import dev.tidewheel.runtime.warehouse.RawTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Imports history into a source's raw table: as the records of a partition of its own, that no topic has, in the order in
 * which they became known. One commit brings all of an import, or nothing; the same import again changes nothing. See
 * docs/handover.md. Not thread-safe; may run beside the job, and beside itself.
 */
public final class Backfill {
    private static final int ROWS_PER_WORD = 10_000;

    private final Catalog catalog;
    private final long now;
    private final Progress progress;
    private ErasedEntities erased = ErasedEntities.NONE;

    /** Hears how far an import is. */
    @FunctionalInterface
    public interface Progress {
        /** @param total of all rows */
        void written(long rows, long total);
    }

    /** @param now epoch milliseconds: what is imported is known by now */
    public Backfill(Catalog catalog, long now, Progress progress) {
        this.catalog = catalog;
        this.now = now;
        this.progress = progress;
    }

    /** Leaves out what rows of these entities say; nobody is erased unless said otherwise. */
    public Backfill without(ErasedEntities entities) {
        this.erased = entities;
        return this;
    }

    /**
     * Imports rows.
     *
     * @throws IllegalArgumentException if the source's handover does not allow it, or the table has not the source's columns
     * @throws IllegalStateException if another import came between, or the topic brought what the handover does not allow;
     *     the same call may succeed, or say why not
     */
    public ImportReport run(ForeignRows rows) {
        Source source = rows.source();
        Schema wanted = RawSchema.of(source.columns());
        Optional<Table> existing = catalog.tableExists(RawTables.name(source.name()))
                ? Optional.of(catalog.loadTable(RawTables.name(source.name())))
                : Optional.empty();
        List<Imported> imports = existing.map(Imported::of).orElse(List.of());
        Optional<Snapshot> known = existing.map(Table::currentSnapshot);
        Optional<Imported> same = Imported.same(imports, rows.digest());
        if (same.isPresent()) {
            return new ImportReport(same.get(), true, Map.of(), 0);
        }
        existing.ifPresent(table -> requireColumns(table, wanted));
        if (rows.size() == 0) {
            throw new IllegalArgumentException("there are no rows to import");
        }
        Sorted sorted = new Sorted(rows, now, erased.rows(source.columns()));
        Imported imported = sorted.imported(imports.size());
        requireApart(source, imports, imported);
        existing.ifPresent(table -> requireBefore(source, table, imported));
        Table table = existing.orElseGet(() -> RawTables.createOrLoad(catalog, source.name(), false, wanted));
        write(table, known, sorted, imported);
        return new ImportReport(imported, false, sorted.refused, sorted.handedOver);
    }

    /** Only the source's own job may say from where on a column is there. */
    private static void requireColumns(Table table, Schema wanted) {
        for (NestedField field : wanted.columns()) {
            NestedField known = table.schema().findField(field.name());
            if (known == null || !known.type().equals(field.type())) {
                throw new IllegalArgumentException(table.name() + (known == null ? " has no" : " has another")
                        + " column '" + field.name() + "' yet: start the job of the source first, then import");
            }
        }
    }

    /** Without ids, what is imported twice counts twice. */
    private static void requireApart(Source source, List<Imported> imports, Imported imported) {
        if (source.eventId().isPresent()) {
            return;
        }
        imports.stream().filter(imported::overlaps).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException("import " + other.number() + " of source '" + source.name()
                    + "' has rows known between " + Times.text(other.firstKnown()) + " and "
                    + Times.text(other.lastKnown()) + ", this one from " + Times.text(imported.firstKnown()) + " on:"
                    + " the source declares no eventId, so nothing tells whether they are the same");
        });
    }

    /** Between what was imported and what the topic brought, nothing but time tells copies apart. */
    private static void requireBefore(Source source, Table table, Imported imported) {
        Expression early = early(source, imported);
        if (early.equals(Expressions.alwaysFalse())) {
            return;
        }
        try (CloseableIterable<Record> earlier = IcebergGenerics.read(table)
                .select(RawSchema.PARTITION)
                .where(early)
                .build()) {
            if (earlier.iterator().hasNext()) {
                throw new IllegalArgumentException("the topic of source '" + source.name()
                        + "' has brought records that were known before " + Times.text(imported.lastKnown())
                        + ", the last of what is to be imported: nothing says that these are others; write handover:"
                        + " {knownTime: …} into the source, or, if it has an eventId, handover: {overlap: …}");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + table.name(), e);
        }
    }

    /** What the topic may not have brought. */
    private static Expression early(Source source, Imported imported) {
        if (imported.refused() == imported.rows() || source.handover() instanceof Handover.KnownTime) {
            return Expressions.alwaysFalse();
        }
        String known = source.knownTime().orElse(RawSchema.TIMESTAMP);
        Expression since = source.handover() instanceof Handover.Overlap by
                ? Expressions.lessThan(
                        known, imported.lastKnown() - by.overlap().toMillis())
                : Expressions.lessThanOrEqual(known, imported.lastKnown());
        return Expressions.and(
                Expressions.lessThan(RawSchema.PARTITION, Channels.importPartition(0)),
                Expressions.isNull(RawSchema.REJECTED),
                since);
    }

    /** @param known the snapshot of which the earlier imports are known */
    private void write(Table table, Optional<Snapshot> known, Sorted sorted, Imported imported) {
        ImportWriter writer = new ImportWriter(table, sorted.rows.source(), imported);
        try {
            for (int at = 0; at < sorted.order.length; at++) {
                Judged judged = sorted.judge(sorted.order[at]);
                writer.write(at, timestamp(judged), judged);
                if (at % ROWS_PER_WORD == 0) {
                    progress.written(at, sorted.order.length);
                }
            }
            commit(table, known, writer.complete(), sorted.rows.source(), imported);
        } catch (CommitFailedException | ValidationException e) {
            writer.discard();
            throw new IllegalStateException(
                    "another import came between into " + table.name() + ", or records of the topic that are no later:"
                            + " nothing was imported; say it again",
                    e);
        } catch (IOException e) {
            writer.discard();
            throw new UncheckedIOException("cannot write into " + table.name(), e);
        }
    }

    /** What Kafka would have told of it: nothing is later than now, whatever a refused row says. */
    private long timestamp(Judged judged) {
        return judged.knownTime() == Long.MIN_VALUE ? 0 : Math.min(judged.knownTime(), now);
    }

    /** Fails if meanwhile somebody else has filled the partition, or the job has brought what was not there before. */
    private static void commit(
            Table table, Optional<Snapshot> known, List<DataFile> files, Source source, Imported imported) {
        Transaction both = table.newTransaction();
        OverwriteFiles add = both.newOverwrite()
                .conflictDetectionFilter(Expressions.or(
                        Expressions.equal(RawSchema.PARTITION, imported.partition()), early(source, imported)))
                .validateNoConflictingData();
        known.ifPresent(snapshot -> add.validateFromSnapshot(snapshot.snapshotId()));
        files.forEach(add::addFile);
        add.commit();
        both.updateProperties().set(imported.property(), imported.text()).commit();
        both.commitTransaction();
    }

    /** Rows in the order in which they became known, the refused ones first. */
    private static final class Sorted {
        private final ForeignRows rows;
        private final long now;
        private final ErasedRows erased;
        private final int[] order;
        private final Map<DeadLetterReason, Long> refused = new EnumMap<>(DeadLetterReason.class);
        private long handedOver;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        Sorted(ForeignRows rows, long now, ErasedRows erased) {
            this.rows = rows;
            this.now = now;
            this.erased = erased;
            long[] known = new long[rows.size()];
            for (int row = 0; row < known.length; row++) {
                known[row] = count(judge(row));
            }
            this.order = IntStream.range(0, known.length).toArray();
            new RowSort((one, other) -> Long.compare(known[one], known[other])).sort(order);
        }

        Judged judge(int row) {
            return rows.judge(row, now, erased);
        }

        private long count(Judged judged) {
            long known = judged.knownTime();
            if (judged.refused() != null) {
                refused.merge(judged.refused(), 1L, Long::sum);
            } else {
                first = Math.min(first, known);
                last = Math.max(last, known);
                handedOver += rows.source().handover().leavesOut(true, known) ? 1 : 0;
            }
            return known;
        }

        Imported imported(int number) {
            long none = refused.values().stream().mapToLong(Long::longValue).sum();
            return new Imported(number, rows.digest(), order.length, none, first, last);
        }
    }
}
