package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts rows by (key, moment, channel, place), any number of them within a budget of memory. Keys are in the order of a
 * hash, in partitions of about equal size, which different threads may read at once. Rows are dealt out to the partitions
 * as they come, in memory or in a file, and a partition is sorted when it is read.
 *
 * <p>A row is collected as one value for every column and one {@code add}; where values of many rows come behind them, a
 * {@link #collected} says that all are there. Not thread-safe. Close it when what it sorted is not needed any more.
 */
public final class KeySorter implements AutoCloseable {
    /** How many rows wait before they are dealt out: they stay in a processor's cache. */
    private static final int WAITING = 1024;

    private final RowSchema payload;
    private final int shift;
    private final @Nullable Marks marks;
    private final WaitingRows waiting;
    private final PackedRows packed;

    /**
     * @param payload the columns of the rows
     * @param partitionBits there are two to the power of it, at least two
     * @param marks what marks rows, see {@link KeyMerge#repeatedMarks}; null for rows without
     */
    public KeySorter(RowSchema payload, int partitionBits, @Nullable Marks marks, Spilling spilling) {
        if (partitionBits < 1 || partitionBits > Byte.SIZE) {
            throw new IllegalArgumentException("keys are in 2 to 256 partitions, got 2^" + partitionBits);
        }
        this.payload = payload;
        this.shift = Long.SIZE - partitionBits;
        this.marks = marks;
        this.waiting = new WaitingRows(payload);
        this.packed = new PackedRows(payload, 1 << partitionBits, spilling);
    }

    /** Where the next row's value of a column goes. */
    public ColumnBuffer column(int slot) {
        return waiting.column(slot);
    }

    /**
     * The next row's values are there: this is its key and its place in the order.
     *
     * @return the key's {@link KeyHash}
     */
    public long add(String key, long moment, int channel, long place) throws IOException {
        if (KeyHash.isNumber(key)) {
            long number = Long.parseLong(key);
            add(number, moment, channel, place);
            return KeyHash.of(number);
        }
        waiting.add(key, 0, moment, channel, place);
        dealFull();
        return KeyHash.ofOther(key);
    }

    /** The same under a key that is the text of an integer. */
    public void add(long key, long moment, int channel, long place) throws IOException {
        waiting.add(null, key, moment, channel, place);
        dealFull();
    }

    /** All rows that were added have all their values now, if they had not when they were added. */
    public void collected() throws IOException {
        dealFull();
    }

    private void dealFull() throws IOException {
        if (waiting.size() >= WAITING && waiting.isComplete()) {
            deal();
        }
    }

    private void deal() throws IOException {
        for (int row = 0; row < waiting.size(); row++) {
            String text = waiting.text(row);
            long hash = text == null ? KeyHash.of(waiting.number(row)) : KeyHash.ofOther(text);
            packed.add((int) (hash >>> shift), waiting, row);
        }
        waiting.clear();
    }

    /** Everything, sorted; nothing may be added afterwards. */
    public SortedKeys sorted() throws IOException {
        deal();
        return new SortedKeys(payload, marks, List.of(packed));
    }

    /** How many bytes did not fit. */
    public long spilledBytes() {
        return packed.spilledBytes();
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }
}
