package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.window.Tiles;
import dev.tidewheel.feature.window.Window;
import java.util.List;

/**
 * Tiles of one width, and what each of them holds. A view's windows of equal resolution share a tier; a lifetime window
 * has one of a single tile.
 *
 * @param hopMillis the tiles' width; {@link #LIFETIME} for the single tile
 * @param longestMillis the longest window that reads this tier
 * @param partials what a tile holds
 */
record Tier(long hopMillis, long longestMillis, List<Slot> partials) {
    static final long LIFETIME = Long.MAX_VALUE;

    /** A partial over one input of the {@link RowProgram}. */
    record Slot(Partial<?> partial, int input) {}

    Tier {
        partials = List.copyOf(partials);
    }

    static long hop(Window window) {
        return window instanceof Window.Sliding sliding ? sliding.resolutionMillis() : LIFETIME;
    }

    static long length(Window window) {
        return window instanceof Window.Sliding sliding ? sliding.lengthMillis() : LIFETIME;
    }

    boolean isLifetime() {
        return hopMillis == LIFETIME;
    }

    /** The tile of an event time. */
    long tile(long eventTime) {
        return isLifetime() ? 0 : Tiles.index(eventTime, hopMillis);
    }

    /** The first event time of a tile; the beginning of time for a tile that begins before it. */
    long start(long tile) {
        return isLifetime() || tile < Long.MIN_VALUE / hopMillis ? Long.MIN_VALUE : tile * hopMillis;
    }

    /** The first tile of a window that ends at t. */
    long firstTile(long t, long lengthMillis) {
        long from = t < Long.MIN_VALUE + lengthMillis ? Long.MIN_VALUE : t - lengthMillis;
        return isLifetime() ? 0 : Tiles.index(from, hopMillis);
    }

    /** The first tile that an exact read can still need, when no read before {@code t} is exact. */
    long firstNeeded(long t) {
        return isLifetime() || t == Long.MIN_VALUE ? Long.MIN_VALUE : firstTile(t, longestMillis);
    }
}
