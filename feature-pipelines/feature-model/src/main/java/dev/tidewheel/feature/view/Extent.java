package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.window.Window;

/**
 * The tiles that a value is made of, in the middle of a read.
 *
 * @param firstTile the first
 * @param endTile the first behind the last; {@link Long#MAX_VALUE} for all that there are
 * @param at what the value is finished for
 */
record Extent(long firstTile, long endTile, ReadPoint at) {

    /** Of a window whose bounds follow from the time alone. */
    static Extent of(Tier tier, Window window, long t) {
        long from = window.from(t);
        long to = window.to(t);
        return new Extent(tier.tile(from), to == t ? Long.MAX_VALUE : tier.tile(to), new ReadPoint(t, from, to));
    }

    /** All tiles from one on. */
    static Extent since(long firstTile, ReadPoint at) {
        return new Extent(firstTile, Long.MAX_VALUE, at);
    }

    /** No tiles at all. */
    static Extent nothing(ReadPoint at) {
        return since(Long.MAX_VALUE, at);
    }

    boolean holds(long tile) {
        return tile >= firstTile && tile < endTile;
    }
}
