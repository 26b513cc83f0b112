package dev.tidewheel.feature.window;

/** The arithmetic of tiles: width h, aligned to the epoch, tile i covers [i·h, (i+1)·h). */
public final class Tiles {
    private static final long MINUTE = 60_000L;
    private static final long[] HOPS = {24 * 60 * MINUTE, 6 * 60 * MINUTE, 60 * MINUTE, 5 * MINUTE};

    private Tiles() {}

    /** The tile that holds a time; rounds towards minus infinity, so times before 1970 work. */
    public static long index(long timeMillis, long hopMillis) {
        return Math.floorDiv(timeMillis, hopMillis);
    }

    /** The start of the tile that holds a time; the beginning of time for a tile that begins before it. */
    public static long floor(long timeMillis, long hopMillis) {
        return start(index(timeMillis, hopMillis), hopMillis);
    }

    /** The first event time of a tile; the beginning of time for a tile that begins before it. */
    public static long start(long tile, long hopMillis) {
        return tile < Long.MIN_VALUE / hopMillis ? Long.MIN_VALUE : tile * hopMillis;
    }

    /** So much before a time; not before the beginning of time. */
    public static long before(long timeMillis, long lengthMillis) {
        return timeMillis < Long.MIN_VALUE + lengthMillis ? Long.MIN_VALUE : timeMillis - lengthMillis;
    }

    static long greatestCommonDivisor(long left, long right) {
        return right == 0 ? left : greatestCommonDivisor(right, left % right);
    }

    static long defaultResolution(long lengthMillis) {
        for (long hop : HOPS) {
            if (hop <= lengthMillis / 12) {
                return hop;
            }
        }
        return Math.max(1, lengthMillis / 12);
    }
}
