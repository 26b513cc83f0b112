package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Partials whose tiles are accumulators. Of a window that ends with the question a total is kept where the partial can take
 * a tile out again; else its tiles are merged at the question.
 */
final class RollingObjects extends RollingTier {
    private final @Nullable Accumulator<?>[][] totals; // by window and partial
    private @Nullable Accumulator<?>[] @Nullable [] tiles = new Accumulator<?>[FEW_TILES][];

    RollingObjects(Tier tier, List<Tier.Slot> slots, List<Window> windows) {
        super(tier, slots, windows);
        this.totals = new Accumulator<?>[windows.size()][partials()];
        for (int window = 0; window < totals.length; window++) {
            for (int partial = 0; partial < totals[window].length; partial++) {
                if (endsWithQuestion(window) && kind(partial).subtracts()) {
                    totals[window][partial] = kind(partial).create();
                }
            }
        }
    }

    @Override
    void apply(Row inputs, boolean retraction, long eventTime, long visibleAt, EventId id) {
        if (!isNeeded(eventTime)) {
            return;
        }
        long index = tile(eventTime);
        @Nullable Accumulator<?>[] tile = null;
        for (int partial = 0; partial < partials(); partial++) {
            int input = input(partial);
            if (!inputs.isNull(input)) {
                if (tile == null) {
                    tile = tile(place(index, visibleAt));
                }
                count(held(tile, partial), inputs, input, retraction, eventTime, id);
                for (int window = 0; window < totals.length; window++) {
                    Accumulator<?> total = totals[window][partial];
                    if (total != null && index >= extent(window).firstTile()) {
                        count(total, inputs, input, retraction, eventTime, id);
                    }
                }
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

    @Override
    Accumulator<?> total(int window, int partial) {
        Accumulator<?> total = totals[window][partial];
        if (total != null) {
            return total;
        }
        Accumulator<?> merged = kind(partial).create();
        int end = endPlace(window);
        for (int at = firstPlace(window); at < end; at++) {
            merge(merged, at, partial);
        }
        return merged;
    }

    @Override
    void takeOut(int window, int from, int to) {
        for (int partial = 0; partial < totals[window].length; partial++) {
            Accumulator<?> total = totals[window][partial];
            for (int at = from; total != null && at < to; at++) {
                Accumulator<?> held = tile(at)[partial];
                if (held != null) {
                    kind(partial).subtract(total, held);
                }
            }
        }
    }

    @Override
    void sumUp(int window, int from, int to) {
        for (int partial = 0; partial < totals[window].length; partial++) {
            if (totals[window][partial] != null) {
                Accumulator<?> total = kind(partial).create();
                for (int at = from; at < to; at++) {
                    merge(total, at, partial);
                }
                totals[window][partial] = total;
            }
        }
    }

    private void merge(Accumulator<?> total, int at, int partial) {
        Accumulator<?> held = tile(at)[partial];
        if (held != null) {
            kind(partial).merge(total, held);
        }
    }

    private Accumulator<?> held(@Nullable Accumulator<?>[] tile, int partial) {
        Accumulator<?> held = tile[partial];
        if (held == null) {
            held = kind(partial).create();
            tile[partial] = held;
        }
        return held;
    }

    private @Nullable Accumulator<?>[] tile(int at) {
        @Nullable Accumulator<?>[] tile = tiles[at];
        if (tile == null) {
            throw new IllegalStateException("there is no tile at " + at);
        }
        return tile;
    }

    @Override
    void insert(int at, int oldEnd) {
        System.arraycopy(tiles, at, tiles, at + 1, oldEnd - at);
        tiles[at] = new Accumulator<?>[partials()];
    }

    @Override
    void move(int from, int size, int length) {
        @Nullable Accumulator<?>[] @Nullable [] moved = tiles.length == length ? tiles : new Accumulator<?>[length][];
        System.arraycopy(tiles, from, moved, 0, size);
        Arrays.fill(moved, size, length, null);
        tiles = moved;
    }

    @Override
    void forget(int from, int to) {
        Arrays.fill(tiles, from, to, null);
    }
}
