package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.util.Arrays;
import java.util.List;

/**
 * The tiles of one tier, ascending, while time moves on; and of each window what it holds. What a tile is, is left to
 * {@link RollingObjects} and {@link RollingNumbers}, each for some of the tier's partials: here it is a place. Mutable, not thread-safe.
 *
 * <p>No question is ever asked about a time before one that was asked, so a tile that has left a window never comes back
 * to it. A total counts all tiles from its window's first on: what happened later than the newest question asks about is
 * not visible yet, and so is not here.
 */
abstract sealed class RollingTier permits RollingObjects, RollingNumbers {
    /** How many tiles there is room for at first. */
    static final int FEW_TILES = 4;

    private final Tier tier;
    private final Tier.Slot[] slots;
    private final Window[] windows;
    private final Extent[] extents;
    private long[] indices = new long[FEW_TILES];
    private int begin;
    private int end;
    private long reached = Long.MIN_VALUE;
    private long needed = Long.MIN_VALUE; // the first event time that a question can still ask for

    /**
     * @param slots those of the tier's partials that are held here, in the order in which they are asked for by number
     * @param windows of the tier, in the order in which they are asked for by number
     */
    RollingTier(Tier tier, List<Tier.Slot> slots, List<Window> windows) {
        this.tier = tier;
        this.slots = slots.toArray(Tier.Slot[]::new);
        this.windows = windows.toArray(Window[]::new);
        this.extents = new Extent[this.windows.length];
        Arrays.setAll(extents, window -> Extent.of(tier, this.windows[window], Long.MIN_VALUE));
    }

    /** How many partials are held here. */
    final int partials() {
        return slots.length;
    }

    final Partial<?> kind(int partial) {
        return slots[partial].partial();
    }

    /** Which input a partial counts. */
    final int input(int partial) {
        return slots[partial].input();
    }

    /** The tile of an event time. */
    final long tile(long eventTime) {
        return tier.tile(eventTime);
    }

    /** Whether any question from the time that was reached on can ask for an event time. */
    final boolean isNeeded(long eventTime) {
        return eventTime >= needed;
    }

    /** The tiles of a window at the time that was reached. */
    final Extent extent(int window) {
        return extents[window];
    }

    /**
     * Counts a change, or uncounts it.
     *
     * @param visibleAt no question is asked about a time before it any more
     */
    abstract void apply(Row inputs, boolean retraction, long eventTime, long visibleAt, EventId id);

    /** One partial over one window, at the time that was reached; to be looked at, and only until the next change. */
    abstract Accumulator<?> total(int window, int partial);

    /** Moves the windows on to a time, before which no question is asked any more; they never move back. */
    final void advance(long t) {
        if (t <= reached) {
            return;
        }
        reached = t;
        for (int window = 0; window < windows.length; window++) {
            Extent extent = Extent.of(tier, windows[window], t);
            roll(window, extents[window].firstTile(), extent.firstTile());
            extents[window] = extent;
        }
        if (!tier.isLifetime()) {
            long tile = tier.firstNeeded(t);
            int first = position(tile);
            forget(begin, first);
            begin = first;
            needed = tier.start(tile);
        }
    }

    /** Whether a window ends with the question, so that its total can be kept. */
    final boolean endsWithQuestion(int window) {
        return windows[window] instanceof Window.Sliding;
    }

    private void roll(int window, long from, long to) {
        if (from < to && endsWithQuestion(window)) {
            int leaves = position(from);
            int stays = position(to);
            if (stays - leaves <= end - stays) {
                takeOut(window, leaves, stays);
            } else {
                sumUp(window, stays, end);
            }
        }
    }

    /** Takes tiles, by their places, out of a window's totals. */
    abstract void takeOut(int window, int from, int to);

    /** Makes a window's totals anew, from tiles by their places. */
    abstract void sumUp(int window, int from, int to);

    /** The place of the first tile that a window holds. */
    final int firstPlace(int window) {
        return position(extents[window].firstTile());
    }

    /** The place behind the last tile that a window holds. */
    final int endPlace(int window) {
        long endTile = extents[window].endTile();
        return endTile == Long.MAX_VALUE ? end : position(endTile);
    }

    /** The place of the first tile that is not before the given one. */
    private int position(long index) {
        if (begin == end || index <= indices[begin]) {
            return begin;
        }
        if (index > indices[end - 1]) {
            return end;
        }
        int at = Arrays.binarySearch(indices, begin, end, index);
        return at < 0 ? ~at : at;
    }

    /** The place of a tile, which is made if there is none. */
    final int place(long index, long visibleAt) {
        if (begin < end && indices[end - 1] == index) { // Most are of the newest.
            return end - 1;
        }
        int at = position(index);
        if (at < end && indices[at] == index) {
            return at;
        }
        if (end == indices.length) {
            makeRoom(visibleAt);
            at = position(index);
        }
        System.arraycopy(indices, at, indices, at + 1, end - at);
        indices[at] = index;
        insert(at, end);
        end++;
        return at;
    }

    /** Makes an empty tile at a place; those from there to the end move up by one. */
    abstract void insert(int at, int oldEnd);

    /** By forgetting what no window needs any more; if that is less than three quarters, in longer arrays. */
    private void makeRoom(long visibleAt) {
        advance(visibleAt);
        int size = end - begin;
        int length = 4 * size > indices.length ? 2 * indices.length : indices.length;
        long[] moved = length == indices.length ? indices : new long[length];
        System.arraycopy(indices, begin, moved, 0, size);
        move(begin, size, length);
        indices = moved;
        begin = 0;
        end = size;
    }

    /** Moves tiles to the front of arrays of a length, which may be the one that they have. */
    abstract void move(int from, int size, int length);

    /** Lets tiles go that nothing asks for any more. */
    abstract void forget(int from, int to);
}
