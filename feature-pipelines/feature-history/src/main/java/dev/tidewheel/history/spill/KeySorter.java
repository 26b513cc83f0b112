package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts rows by (key, moment, channel, place), any number of them within a budget of memory: as many as fit are sorted and
 * written as a run, and the runs are merged while they are read. Keys are in the order of a hash, in partitions of about
 * equal size, which different threads may read at once.
 *
 * <p>A row is collected as one value for every column and then one {@code add}. Rows may have a mark, such as the hash of
 * an id; see {@link KeyMerge#repeatedMarks}. Not thread-safe. Close it when what it sorted is not needed any more.
 */
public final class KeySorter implements AutoCloseable {
    /** How often it looks at what it holds. */
    private static final int LOOK_EVERY = 64;

    private final RowSchema payload;
    private final int partitionBits;
    private final boolean marked;
    private final Spilling spilling;
    private final RowBuffer buffer;
    private final List<Run> runs = new ArrayList<>();
    private @Nullable SpillFile file;

    /**
     * @param payload the columns of the rows
     * @param partitionBits there are two to the power of it, at least two
     * @param marked whether marks are kept
     */
    public KeySorter(RowSchema payload, int partitionBits, boolean marked, Spilling spilling) {
        if (partitionBits < 1 || partitionBits > Byte.SIZE) {
            throw new IllegalArgumentException("keys are in 2 to 256 partitions, got 2^" + partitionBits);
        }
        this.payload = payload;
        this.partitionBits = partitionBits;
        this.marked = marked;
        this.spilling = spilling;
        this.buffer = new RowBuffer(payload);
    }

    /** Where the next row's value of a column goes. */
    public ColumnBuffer column(int slot) {
        return buffer.column(slot);
    }

    /** The next row's values are there: this is its key and its place in the order. */
    public void add(String key, long moment, int channel, long place, long mark) throws IOException {
        add(buffer.keys().of(key), moment, channel, place, mark);
    }

    /** The same under a key that is the text of an integer. */
    public void add(long key, long moment, int channel, long place, long mark) throws IOException {
        add(buffer.keys().of(key), moment, channel, place, mark);
    }

    private void add(int key, long moment, int channel, long place, long mark) throws IOException {
        buffer.add(key, moment, channel, place, mark);
        if (buffer.size() % LOOK_EVERY == 0 && buffer.bytes() > spilling.budgetBytes()) {
            spill();
        }
    }

    private void spill() throws IOException {
        if (file == null) {
            file = SpillFile.create(spilling.folder());
        }
        runs.add(new RunWriter(file, payload, partitionBits, marked)
                .write(new MemoryRun(buffer, partitionBits, marked)));
        buffer.clear();
    }

    /** Everything, sorted; nothing may be added afterwards. */
    public SortedKeys sorted() {
        List<Run> all = new ArrayList<>(runs);
        all.add(new MemoryRun(buffer, partitionBits, marked));
        return new SortedKeys(all);
    }

    /** How many bytes did not fit. */
    public long spilledBytes() {
        return file == null ? 0 : file.size();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
