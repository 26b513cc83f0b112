package dev.tidewheel.history.spill;

import dev.tidewheel.history.source.ColumnBuffer;
import java.util.Arrays;
import java.util.List;

/** Sorted rows of a buffer, which must not change any more. Thread-safe. */
final class MemoryRun implements Run {
    private final RowBuffer buffer;
    private final boolean marked;
    private final int[] keys; // all, in their order
    private final int[] firstKeys; // by partition, and the end
    private final int[] starts; // by key, and the end
    private final int[] rows; // by key, in order

    MemoryRun(RowBuffer buffer, int partitionBits, boolean marked) {
        this.buffer = buffer;
        this.marked = marked;
        KeyTable table = buffer.keys();
        this.starts = new int[table.size() + 1];
        this.rows = RowSort.grouped(buffer.keyOf(), buffer.size(), starts);
        RowSort order = buffer.order();
        for (int key = 0; key < table.size(); key++) {
            order.sort(rows, starts[key], starts[key + 1]);
        }
        this.keys = table.ordered();
        this.firstKeys = new int[(1 << partitionBits) + 1];
        for (int key : keys) {
            firstKeys[(int) (table.hash(key) >>> Long.SIZE - partitionBits) + 1]++;
        }
        for (int partition = 1; partition < firstKeys.length; partition++) {
            firstKeys[partition] += firstKeys[partition - 1];
        }
    }

    @Override
    public OfMemory open(int partition) {
        return new OfMemory(partition);
    }

    /** A cursor that knows how many rows a key has. */
    final class OfMemory implements Cursor {
        private final KeyTable table = buffer.keys();
        private final List<ColumnBuffer> columns = buffer.columns();
        private final int endKey;
        private int nextKey;
        private int key;
        private int next;
        private int end;
        private int row;
        private long[] marks = {};
        private int nextMark;

        private OfMemory(int partition) {
            this.nextKey = firstKeys[partition];
            this.endKey = firstKeys[partition + 1];
        }

        @Override
        public boolean nextKey() {
            if (nextKey == endKey) {
                return false;
            }
            key = keys[nextKey++];
            next = starts[key];
            end = starts[key + 1];
            nextMark = 0;
            return true;
        }

        int rows() {
            return end - starts[key];
        }

        @Override
        public boolean nextMark() {
            if (nextMark == 0 && marked) {
                sortMarks();
            }
            return marked && nextMark++ < rows();
        }

        private void sortMarks() {
            int count = rows();
            if (marks.length < count) {
                marks = new long[Math.max(count, 2 * marks.length)];
            }
            for (int i = 0; i < count; i++) {
                marks[i] = buffer.mark(rows[starts[key] + i]);
            }
            Arrays.sort(marks, 0, count);
        }

        @Override
        public long mark() {
            return marks[nextMark - 1];
        }

        @Override
        public long hash() {
            return table.hash(key);
        }

        @Override
        public String key() {
            return table.text(key);
        }

        @Override
        public boolean nextRow() {
            if (next == end) {
                return false;
            }
            row = rows[next++];
            return true;
        }

        @Override
        public long moment() {
            return buffer.moment(row);
        }

        @Override
        public int channel() {
            return buffer.channel(row);
        }

        @Override
        public long place() {
            return buffer.place(row);
        }

        @Override
        public boolean isNull(int slot) {
            return columns.get(slot).isNull(row);
        }

        @Override
        public long word(int slot) {
            return columns.get(slot).word(row);
        }

        @Override
        public String string(int slot) {
            return columns.get(slot).string(row);
        }
    }
}
