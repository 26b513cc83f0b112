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

    /** The start of the tile that holds a time. */
    public static long floor(long timeMillis, long hopMillis) {
        return index(timeMillis, hopMillis) * hopMillis;
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
