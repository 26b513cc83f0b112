package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.util.Arrays;
import java.util.List;

/**
 * Partials that are {@linkplain dev.tidewheel.feature.aggregate.Partial#terms terms} that add up: a tile is a stretch of one array, and counting a change, merging a tile or taking it out again adds numbers.
 */
final class RollingNumbers extends RollingTier {
    private final ChangeTerms change; // of the change that is applied
    private final int width;
    private final long[][] totals; // by window; of those that end with the question
    private long[] tiles;
    private int taken;

    /** Whether a partial can be held so. */
    static boolean hold(Tier.Slot slot) {
        return slot.partial().terms() > 0;
    }

    /**
     * @param change the terms of the slots, read before a change is applied
     */
    RollingNumbers(Tier tier, List<Tier.Slot> slots, List<Window> windows, ChangeTerms change) {
        super(tier, slots, windows);
        this.change = change;
        this.width = change.width();
        this.totals = new long[windows.size()][width];
        this.tiles = new long[FEW_TILES * width];
    }

    @Override
    void apply(Row inputs, boolean retraction, long eventTime, long visibleAt, EventId id) {
        if (change.any() && isNeeded(eventTime)) {
            count();
            long index = tile(eventTime);
            int at = place(index, visibleAt); // May move the tiles.
            change.addTo(tiles, at * width);
            for (int window = 0; window < totals.length; window++) {
                if (index >= extent(window).firstTile()) {
                    change.addTo(totals[window], 0);
                }
            }
        }
    }

    /** So many terms can be added up without any loss, see {@link dev.tidewheel.feature.aggregate.Partial#terms}. */
    private void count() {
        if (taken == Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "one key has more than " + taken + " changes: leave it out by the view's 'where'");
        }
        taken++;
    }

    @Override
    Accumulator<?> total(int window, int partial) {
        if (!endsWithQuestion(window)) {
            sumUp(window, firstPlace(window), endPlace(window));
        }
        return kind(partial).ofTerms(totals[window], change.first(partial));
    }

    @Override
    void takeOut(int window, int from, int to) {
        long[] total = totals[window];
        for (int at = from * width; at < to * width; at += width) {
            for (int term = 0; term < width; term++) {
                total[term] -= tiles[at + term];
            }
        }
    }

    @Override
    void sumUp(int window, int from, int to) {
        long[] total = totals[window];
        Arrays.fill(total, 0);
        for (int at = from * width; at < to * width; at += width) {
            for (int term = 0; term < width; term++) {
                total[term] += tiles[at + term];
            }
        }
    }

    @Override
    void insert(int at, int oldEnd) {
        System.arraycopy(tiles, at * width, tiles, (at + 1) * width, (oldEnd - at) * width);
        Arrays.fill(tiles, at * width, (at + 1) * width, 0);
    }

    @Override
    void move(int from, int size, int length) {
        long[] moved = tiles.length == length * width ? tiles : new long[length * width];
        System.arraycopy(tiles, from * width, moved, 0, size * width);
        tiles = moved;
    }

    @Override
    void forget(int from, int to) {
        // Numbers keep nothing alive.
    }
}
