package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What several {@link RankSorter}s of equal columns and ranks have, ascending by rank. Not thread-safe. */
public final class RankedRows {
    private static final int NONE = -1;

    private final List<PackedRows> parts = new ArrayList<>();
    private final int range;
    private final RowUnpacker unpacker;
    private final RowBuffer buffer;
    private final int[] rowOf; // by rank within the range
    private long loaded = NONE;
    private int row = NONE;

    public RankedRows(RowSchema payload, List<RankSorter> sorters) throws IOException {
        for (RankSorter sorter : sorters) {
            parts.add(sorter.packed());
        }
        this.range = sorters.get(0).range();
        this.unpacker = new RowUnpacker(payload);
        this.buffer = new RowBuffer(payload);
        this.rowOf = new int[range];
    }

    /**
     * Goes to a rank, which is not before one that it went to.
     *
     * @return false if there is no row of that rank
     */
    public boolean goTo(long rank) throws IOException {
        if (rank / range != loaded) {
            load(rank / range);
        }
        row = rowOf[(int) (rank % range)];
        return row != NONE;
    }

    private void load(long wanted) throws IOException {
        loaded = wanted;
        buffer.clear();
        for (PackedRows part : parts) {
            for (Frame frame : part.frames((int) wanted)) {
                unpacker.unpack(frame.bytes().read(), buffer);
            }
        }
        Arrays.fill(rowOf, NONE);
        for (int at = 0; at < buffer.size(); at++) {
            rowOf[(int) (buffer.moment(at) % range)] = at;
        }
    }

    public boolean isNull(int slot) {
        return column(slot).isNull(row);
    }

    public long word(int slot) {
        return column(slot).word(row);
    }

    public String string(int slot) {
        return column(slot).string(row);
    }

    private ColumnBuffer column(int slot) {
        return buffer.column(slot);
    }
}
