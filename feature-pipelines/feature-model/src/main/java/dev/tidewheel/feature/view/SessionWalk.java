package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.window.Tiles;
import dev.tidewheel.feature.window.Window;

/**
 * Finds the session that is open at a time: from the newest tile backwards, as long as no gap is too long. Within a tile
 * no gap can be, because tiles are as wide as the gap. Lives for one read.
 */
final class SessionWalk {
    private final Tier tier;
    private final int span;
    private final TileSet base;
    private final TileSet deltas;
    private final long[] raw; // event times of what is visible, ascending
    private int baseAt;
    private int deltasAt;
    private int rawAt;
    private long first;
    private long last;

    /**
     * @param span which of the tier's partials holds the {@link SpanPartial.Span}
     */
    SessionWalk(Tier tier, int span, TileSet base, TileSet deltas, Head head, long t) {
        this.tier = tier;
        this.span = span;
        this.base = base;
        this.deltas = deltas;
        raw = head.raw().stream()
                .filter(entry -> entry.visibleAt() <= t)
                .mapToLong(RawEntry::eventTime)
                .sorted()
                .toArray();
        baseAt = base.size() - 1;
        deltasAt = deltas.size() - 1;
        rawAt = raw.length - 1;
    }

    /** The tiles of the session that is open at t, finished for the time since its first event. */
    Extent at(Window.Session window, long t) {
        long bound = tier.tile(window.from(t));
        Extent session = Extent.nothing(new ReadPoint(t, window.from(t)));
        long open = t;
        for (long tile = newest(); tile >= bound && tile != Long.MIN_VALUE; tile = newest()) {
            take(tile);
            if (last < Tiles.before(open, window.gapMillis())) {
                break;
            }
            open = first;
            session = Extent.since(tile, new ReadPoint(t, open));
        }
        return session;
    }

    /** The newest tile that was not taken yet; {@link Long#MIN_VALUE} if there is none. */
    private long newest() {
        long tile = Long.MIN_VALUE;
        if (baseAt >= 0) {
            tile = base.index(baseAt);
        }
        if (deltasAt >= 0) {
            tile = Math.max(tile, deltas.index(deltasAt));
        }
        if (rawAt >= 0) {
            tile = Math.max(tile, tier.tile(raw[rawAt]));
        }
        return tile;
    }

    private void take(long tile) {
        first = Long.MAX_VALUE;
        last = Long.MIN_VALUE;
        if (baseAt >= 0 && base.index(baseAt) == tile) {
            include(base, baseAt--);
        }
        if (deltasAt >= 0 && deltas.index(deltasAt) == tile) {
            include(deltas, deltasAt--);
        }
        while (rawAt >= 0 && tier.tile(raw[rawAt]) == tile) {
            include(raw[rawAt], raw[rawAt]);
            rawAt--;
        }
    }

    private void include(TileSet tiles, int at) {
        if (tiles.held(at, span) instanceof SpanPartial.Span held) {
            include(held.first(), held.last());
        }
    }

    private void include(long earliest, long latest) {
        first = Math.min(first, earliest);
        last = Math.max(last, latest);
    }
}
