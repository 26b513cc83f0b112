package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.window.Tiles;
import dev.tidewheel.feature.window.Window;
import java.util.List;

/**
 * Tiles of one width, and what each of them holds. A view's windows of equal width share a tier; windows without a tail
 * have one of a single tile.
 *
 * @param hopMillis the tiles' width; {@link Window#ENDLESS} for the single tile
 * @param longestMillis the farthest that a window of this tier reaches back
 * @param partials what a tile holds
 */
record Tier(long hopMillis, long longestMillis, List<Slot> partials) {

    /** A partial over one input of the {@link RowProgram}. */
    record Slot(Partial<?> partial, int input) {}

    Tier {
        partials = List.copyOf(partials);
    }

    boolean isLifetime() {
        return hopMillis == Window.ENDLESS;
    }

    /** The tile of an event time. */
    long tile(long eventTime) {
        return isLifetime() ? 0 : Tiles.index(eventTime, hopMillis);
    }

    /** The first event time of a tile; the beginning of time for a tile that begins before it. */
    long start(long tile) {
        return isLifetime() ? Long.MIN_VALUE : Tiles.start(tile, hopMillis);
    }

    /** The first tile that an exact read can still need, when no read before {@code t} is exact. */
    long firstNeeded(long t) {
        return isLifetime() || t == Long.MIN_VALUE ? Long.MIN_VALUE : tile(Tiles.before(t, longestMillis));
    }

    /** Which of the partials tells sessions. */
    int span() {
        for (int i = 0; i < partials.size(); i++) {
            if (partials.get(i).partial() instanceof SpanPartial) {
                return i;
            }
        }
        throw new IllegalStateException("no session reads tiles of " + hopMillis + " ms");
    }

    /** How many tiles a key can have. */
    long mostTiles() {
        return isLifetime() ? 1 : longestMillis / hopMillis + 2;
    }
}
