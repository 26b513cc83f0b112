package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;

/**
 * Puts rows with ranks into their order, any number of them within a budget of memory, where each rank from 0 on comes at
 * most once. Rows are dealt out by ranges of ranks, and those of a range find their places when it is read. Not
 * thread-safe. Close it when what it sorted is not needed any more.
 */
public final class RankSorter implements AutoCloseable {
    /** How many rows wait before they are dealt out. */
    private static final int WAITING = 1024;

    private static final int LEAST_RANGE = 1 << 14;
    private static final int MOST_RANGES = 1 << 10;

    private final WaitingRows waiting;
    private final PackedRows packed;
    private final int range;

    /**
     * @param payload the columns of the rows
     * @param ranks how many there are
     */
    public RankSorter(RowSchema payload, long ranks, Spilling spilling) {
        this.range = range(ranks);
        this.waiting = new WaitingRows(payload);
        this.packed = new PackedRows(payload, (int) (ranks / range) + 1, spilling);
    }

    private static int range(long ranks) {
        return (int) Math.max(LEAST_RANGE, ranks / MOST_RANGES + 1);
    }

    /** Where the next row's value of a column goes. */
    public ColumnBuffer column(int slot) {
        return waiting.column(slot);
    }

    /** The next row's values are there: this is its rank. */
    public void add(long rank) throws IOException {
        waiting.add(null, 0, rank, 0, 0);
        if (waiting.size() == WAITING) {
            deal();
        }
    }

    private void deal() throws IOException {
        for (int row = 0; row < waiting.size(); row++) {
            packed.add((int) (waiting.moment(row) / range), waiting, row);
        }
        waiting.clear();
    }

    /** No more rows come; what was packed, for {@link RankedRows}. */
    PackedRows packed() throws IOException {
        deal();
        return packed;
    }

    /** How many ranks a range has. */
    int range() {
        return range;
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }
}
