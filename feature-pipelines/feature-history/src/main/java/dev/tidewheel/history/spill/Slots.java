package dev.tidewheel.history.spill;

/** How many slots a table with open addressing has. */
public final class Slots {
    private static final int LEAST = 64;
    /** An array has no more in a power of two. */
    private static final int MOST = 1 << 30;

    private Slots() {}

    /**
     * A power of two, and twice as many as there are entries, or more, so that few meet; from 2^29 entries on it is 2^30, slower
     * the fuller it is. One stays empty: whoever looks for what is not there comes to an end.
     *
     * @param what the entries are, for the message
     * @throws IllegalArgumentException if there are 2^30 or more
     */
    public static int of(int entries, String what) {
        if (entries >= MOST) {
            throw new IllegalArgumentException(
                    entries + " " + what + " are too many to be looked up in memory: there may be " + (MOST - 1));
        }
        return (int) Math.min(MOST, Math.max(LEAST, 4L * Integer.highestOneBit(entries)));
    }
}
