package dev.tidewheel.history.spill;

import dev.tidewheel.history.source.ColumnBuffer;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of a buffer, which it sorts and which must not change any more. Thread-safe. */
final class MemoryRun {
    private final RowBuffer buffer;
    private final @Nullable Marks marks;
    private final int[] keys; // all, in their order
    private final int[] starts; // by key, where its rows begin; and the end

    MemoryRun(RowBuffer buffer, @Nullable Marks marks) {
        this.buffer = buffer;
        this.marks = marks;
        KeyTable table = buffer.keys();
        this.starts = new int[table.size() + 1];
        int[] rows = buffer.grouped(starts);
        RowSort order = buffer.order();
        for (int key = 0; key < table.size(); key++) {
            order.sort(rows, starts[key], starts[key + 1]);
        }
        buffer.arrange(rows);
        this.keys = table.ordered();
    }

    OfMemory open() {
        return new OfMemory();
    }

    /** A cursor that knows how many rows a key has. */
    final class OfMemory implements Cursor {
        private final KeyTable table = buffer.keys();
        private final ColumnBuffer[] columns = buffer.columns().toArray(ColumnBuffer[]::new);
        private int nextKey;
        private int key;
        private int next;
        private int end;
        private int row;
        private long[] ofKey = {};
        private int nextMark;
        private final SeenMarks seen = new SeenMarks();

        @Override
        public boolean nextKey() {
            if (nextKey == keys.length) {
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
            if (marks == null) {
                return false;
            }
            if (nextMark == 0) {
                readMarks(marks);
                Arrays.sort(ofKey, 0, rows());
            }
            return nextMark++ < rows();
        }

        private void readMarks(Marks of) {
            int count = rows();
            if (ofKey.length < count) {
                ofKey = new long[Math.max(count, 2 * ofKey.length)];
            }
            for (int i = 0; i < count; i++) {
                int at = starts[key] + i;
                ofKey[i] = of.of(buffer.columns(), at, buffer.channel(at), buffer.place(at));
            }
        }

        /** The marks that more than one of the key's rows has. */
        Set<Long> repeatedMarks() {
            if (marks == null) {
                return Set.of();
            }
            readMarks(marks);
            return seen.repeated(ofKey, rows());
        }

        @Override
        public long mark() {
            return ofKey[nextMark - 1];
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
            row = next++;
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
            return columns[slot].isNull(row);
        }

        @Override
        public long word(int slot) {
            return columns[slot].word(row);
        }

        @Override
        public String string(int slot) {
            return columns[slot].string(row);
        }
    }
}
