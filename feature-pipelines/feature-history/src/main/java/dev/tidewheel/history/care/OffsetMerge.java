package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several files in the order of their offsets. A file is opened when its first row is due: files that follow
 * each other, as jobs write them, are open one at a time. Not thread-safe; close it.
 */
final class OffsetMerge implements AutoCloseable {
    private final Table table;
    private final Schema schema;
    private final String offset;
    private final PriorityQueue<Part> parts = new PriorityQueue<>();
    private final List<CloseableIterator<Record>> open = new ArrayList<>();

    OffsetMerge(Table table, List<OffsetFile> files, String offset) {
        this.table = table;
        this.schema = table.schema();
        this.offset = offset;
        for (int i = 0; i < files.size(); i++) {
            parts.add(new Part(files.get(i), i));
        }
    }

    /**
     * The next row; null behind the last.
     *
     * @throws UnorderedFileException if a file has its rows in another order
     */
    @Nullable
    Record next() {
        while (true) {
            Part first = parts.poll();
            if (first == null) {
                return null;
            }
            Record row = first.row;
            if (first.advance()) {
                parts.add(first);
            }
            if (row != null) {
                return row;
            }
        }
    }

    @Override
    public void close() {
        try {
            for (CloseableIterator<Record> rows : open) {
                rows.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a file of " + table.name(), e);
        }
    }

    /** A file of which the rows before the next are read; none is, and it is not open, at first. */
    private final class Part implements Comparable<Part> {
        private final OffsetFile file;
        private final int number;
        private @Nullable CloseableIterator<Record> rows;
        private @Nullable Record row;
        private long at;

        Part(OffsetFile file, int number) {
            this.file = file;
            this.number = number;
            this.at = file.least();
        }

        /** Goes to the next row, the first if none is read. */
        boolean advance() {
            CloseableIterator<Record> reading = rows == null ? opened() : rows;
            rows = reading;
            if (!reading.hasNext()) {
                shut(reading);
                return false;
            }
            Record next = reading.next();
            long place = (Long) next.getField(offset);
            if (place < at) {
                throw new UnorderedFileException(file.file().location());
            }
            row = next;
            at = place;
            return true;
        }

        private CloseableIterator<Record> opened() {
            CloseableIterable<Record> all = Parquet.read(
                            table.io().newInputFile(file.file().location()))
                    .project(schema)
                    .createReaderFunc(written -> GenericParquetReaders.buildReader(schema, written))
                    .build();
            CloseableIterator<Record> iterator = all.iterator();
            open.add(iterator);
            return iterator;
        }

        private void shut(CloseableIterator<Record> done) {
            try {
                done.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close " + file.file().location(), e);
            }
            open.remove(done);
        }

        @Override
        public int compareTo(Part other) {
            int byOffset = Long.compare(at, other.at);
            return byOffset != 0 ? byOffset : Integer.compare(number, other.number);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }
}
