package dev.tidewheel.jobs.raw;

import dev.tidewheel.jobs.log.KeptLog;
import dev.tidewheel.jobs.source.KeptRecord;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.parquet.Parquet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one partition by ascending offsets. Each file has its rows in that order, as the job wrote them; files are
 * opened when their first offset comes, so that mostly one is open, and merged where their ranges overlap. An offset that
 * was written twice counts once, as everywhere.
 */
final class RawReading implements KeptLog.Reading {
    private final TableLoader loader;
    private final Table table;
    private final Schema projection;
    private final TopicPartition partition;
    private final KeptRows rows;
    private final ArrayDeque<FileScanTask> waiting;
    private final PriorityQueue<OpenFile> open =
            new PriorityQueue<>(Comparator.comparingLong(file -> offset(file.head)));
    private long next;

    private RawReading(
            TableLoader loader,
            Table table,
            TopicPartition partition,
            long from,
            KeptRows rows,
            List<FileScanTask> files) {
        this.loader = loader;
        this.table = table;
        this.projection = rows.projection(table.schema());
        this.partition = partition;
        this.rows = rows;
        this.waiting = new ArrayDeque<>(files);
        this.next = from;
    }

    /** @param loader belongs to the reading from now on */
    static RawReading open(TableLoader loader, TopicPartition partition, long from, KeptRows rows) throws IOException {
        loader.open();
        Table table = loader.loadTable();
        return new RawReading(loader, table, partition, from, rows, files(table, partition, from));
    }

    /** By their first offsets. */
    private static List<FileScanTask> files(Table table, TopicPartition partition, long from) throws IOException {
        List<FileScanTask> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> found = table.newScan()
                .filter(Expressions.and(
                        Expressions.equal(RawSchema.PARTITION, partition.partition()),
                        Expressions.equal(RawSchema.TOPIC, partition.topic()),
                        Expressions.greaterThanOrEqual(RawSchema.OFFSET, from)))
                .includeColumnStats()
                .planFiles()) {
            for (FileScanTask task : found) {
                if (!task.deletes().isEmpty()) {
                    throw new IllegalStateException(table.name() + " has delete files, which none of ours has: rewrite"
                            + " them into the data files of " + task.file().location());
                }
                files.add(task);
            }
        }
        files.sort(Comparator.comparingLong(task -> RawTable.first(task.file(), table)));
        return files;
    }

    static long offset(Record row) {
        return (Long) row.getField(RawSchema.OFFSET);
    }

    @Override
    public @Nullable KeptRecord next() throws IOException {
        while (true) {
            openWhatComes();
            OpenFile file = open.poll();
            if (file == null) {
                return null;
            }
            Record row = file.head;
            KeptRecord record = offset(row) >= next ? rows.record(row, partition) : null;
            if (file.advance()) {
                open.add(file);
            } else {
                file.close();
            }
            if (record != null) {
                next = record.offset() + 1;
                return record;
            }
        }
    }

    /** Every file that may have the smallest offset that is left. */
    private void openWhatComes() throws IOException {
        while (!waiting.isEmpty()
                && (open.isEmpty() || RawTable.first(waiting.element().file(), table) <= offset(open.element().head))) {
            FileScanTask task = waiting.remove();
            try {
                OpenFile file = new OpenFile(task);
                if (file.advance()) {
                    open.add(file);
                } else {
                    file.close();
                }
            } catch (NotFoundException e) {
                planAgain(e);
            }
        }
    }

    /**
     * Table care has put files together since they were planned, and let the old ones go: others have their rows.
     *
     * @param gone is thrown if the table has not changed
     */
    private void planAgain(NotFoundException gone) throws IOException {
        Snapshot planned = table.currentSnapshot();
        table.refresh();
        if (planned.equals(table.currentSnapshot())) {
            throw gone;
        }
        for (OpenFile file : open) {
            file.close();
        }
        open.clear();
        waiting.clear();
        waiting.addAll(files(table, partition, next));
    }

    /** A file at one of its rows. */
    private final class OpenFile {
        private final FileScanTask task;
        private final CloseableIterable<Record> records;
        private final CloseableIterator<Record> iterator;
        private Record head;

        @SuppressWarnings("NullAway.Init") // advance() comes before anything else.
        OpenFile(FileScanTask task) {
            this.task = task;
            Expression wanted = Expressions.greaterThanOrEqual(RawSchema.OFFSET, next);
            this.records = Parquet.read(table.io().newInputFile(task.file().location()))
                    .project(projection)
                    .filter(wanted)
                    .createReaderFunc(schema -> GenericParquetReaders.buildReader(projection, schema))
                    .build();
            this.iterator = records.iterator();
        }

        /** Goes to the next row of the partition; false after the last. */
        boolean advance() {
            while (iterator.hasNext()) {
                Record row = iterator.next();
                if (!partition.topic().equals(String.valueOf(row.getField(RawSchema.TOPIC)))) {
                    continue;
                }
                if (head != null && offset(row) == offset(head)) {
                    continue; // Written twice, and put together by table care.
                }
                if (head != null && offset(row) < offset(head)) {
                    throw new IllegalStateException(
                            task.file().location() + " has offset " + offset(row) + " behind " + offset(head)
                                    + ": whoever rewrites files of " + table.name() + " has to sort them by "
                                    + RawSchema.PARTITION + ", " + RawSchema.OFFSET);
                }
                head = row;
                return true;
            }
            return false;
        }

        void close() throws IOException {
            iterator.close();
            records.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (OpenFile file : open) {
            file.close();
        }
        loader.close();
    }
}
