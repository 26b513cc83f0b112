package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tiles of one tier, ascending, while time moves on; and of each window the total, where tiles can be taken out of a
 * total again. Mutable, not thread-safe.
 *
 * <p>No question is ever asked about a time before one that was asked, so a tile that has left a window never comes back
 * to it. A total counts all tiles from its window's first on: what happened later than the newest question asks about is
 * not visible yet, and so is not here.
 */
final class RollingTier {
    private static final int FEW_TILES = 4;

    private final Tier tier;
    private final RollingTotal[] totals; // of the windows that have one
    private long[] indices = new long[FEW_TILES];
    private @Nullable Accumulator<?>[] @Nullable [] tiles = new Accumulator<?>[FEW_TILES][];
    private int begin;
    private int end;

    RollingTier(Tier tier, List<RollingTotal> totals) {
        this.tier = tier;
        this.totals = totals.toArray(RollingTotal[]::new);
    }

    /**
     * Counts a change, or uncounts it.
     *
     * @param visibleAt no question is asked about a time before it any more
     */
    void apply(Row inputs, boolean retraction, long eventTime, long visibleAt, EventId id) {
        long index = tier.tile(eventTime);
        @Nullable Accumulator<?>[] tile = null;
        for (int i = 0; i < tier.partials().size(); i++) {
            Tier.Slot slot = tier.partials().get(i);
            if (!inputs.isNull(slot.input())) {
                if (tile == null) {
                    tile = tile(index, visibleAt);
                }
                count(accumulator(tile, i), inputs, slot.input(), retraction, eventTime, id);
            }
        }
        for (RollingTotal total : totals) {
            if (index >= total.firstTile() && !inputs.isNull(total.input())) {
                count(total.held(), inputs, total.input(), retraction, eventTime, id);
            }
        }
    }

    private static void count(
            Accumulator<?> into, Row inputs, int input, boolean retraction, long eventTime, EventId id) {
        if (retraction) {
            into.retract(inputs, input, eventTime, id);
        } else {
            into.add(inputs, input, eventTime, id);
        }
    }

    /** One partial of the tiles that a window is made of. */
    Accumulator<?> merged(int partial, Extent extent) {
        Partial<?> kind = tier.partials().get(partial).partial();
        Accumulator<?> total = kind.create();
        for (int at = position(extent.firstTile()); at < end && indices[at] < extent.endTile(); at++) {
            merge(total, at, partial);
        }
        return total;
    }

    /** The only tile's; to be looked at. */
    Accumulator<?> whole(int partial) {
        Accumulator<?> held = begin == end ? null : tile(begin)[partial];
        return held == null ? tier.partials().get(partial).partial().create() : held;
    }

    /** Moves the windows on to a time, before which no question is asked any more. */
    void advance(long t) {
        if (tier.isLifetime()) {
            return;
        }
        for (RollingTotal total : totals) {
            advance(total, Extent.of(tier, total.window(), t).firstTile());
        }
        int first = position(tier.firstNeeded(t));
        Arrays.fill(tiles, begin, first, null);
        begin = first;
    }

    private void advance(RollingTotal total, long firstTile) {
        if (firstTile <= total.firstTile()) {
            return;
        }
        int leaves = position(total.firstTile());
        int stays = position(firstTile);
        if (stays - leaves <= end - stays) {
            for (int at = leaves; at < stays; at++) {
                Accumulator<?> held = tile(at)[total.partial()];
                if (held != null) {
                    total.subtract(held);
                }
            }
        } else {
            total.restart();
            for (int at = stays; at < end; at++) {
                merge(total.held(), at, total.partial());
            }
        }
        total.moveTo(firstTile);
    }

    private void merge(Accumulator<?> total, int at, int partial) {
        Accumulator<?> held = tile(at)[partial];
        if (held != null) {
            tier.partials().get(partial).partial().merge(total, held);
        }
    }

    /** The position of the first tile that is not before the given one. */
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

    private @Nullable Accumulator<?>[] tile(int at) {
        @Nullable Accumulator<?>[] tile = tiles[at];
        if (tile == null) {
            throw new IllegalStateException("there is no tile at " + at);
        }
        return tile;
    }

    private @Nullable Accumulator<?>[] tile(long index, long visibleAt) {
        int at = position(index);
        if (at < end && indices[at] == index) {
            return tile(at);
        }
        if (end == indices.length) {
            makeRoom(visibleAt);
            at = position(index);
        }
        System.arraycopy(indices, at, indices, at + 1, end - at);
        System.arraycopy(tiles, at, tiles, at + 1, end - at);
        indices[at] = index;
        end++;
        @Nullable Accumulator<?>[] tile = new Accumulator<?>[tier.partials().size()];
        tiles[at] = tile;
        return tile;
    }

    /** By forgetting what no window needs any more; if that is less than half, in longer arrays. */
    private void makeRoom(long visibleAt) {
        advance(visibleAt);
        int size = end - begin;
        int length = 2 * size > indices.length ? 2 * indices.length : indices.length;
        long[] movedIndices = new long[length];
        @Nullable Accumulator<?>[] @Nullable [] movedTiles = new Accumulator<?>[length][];
        System.arraycopy(indices, begin, movedIndices, 0, size);
        System.arraycopy(tiles, begin, movedTiles, 0, size);
        indices = movedIndices;
        tiles = movedTiles;
        begin = 0;
        end = size;
    }

    private Accumulator<?> accumulator(@Nullable Accumulator<?>[] tile, int partial) {
        Accumulator<?> held = tile[partial];
        if (held == null) {
            held = tier.partials().get(partial).partial().create();
            tile[partial] = held;
        }
        return held;
    }

    /** Whether a window's total can be kept: it ends with the question, and its partial gives back what was merged. */
    static boolean hasTotal(Window window, Partial<?> partial) {
        return window instanceof Window.Sliding && partial.subtracts();
    }
}
