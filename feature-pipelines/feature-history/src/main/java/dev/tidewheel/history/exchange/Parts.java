package dev.tidewheel.history.exchange;

/** Who gets what: keys by their hash, ranks in ranges of about equal size. */
public final class Parts {
    private Parts() {}

    /** The part of a key, by its hash. */
    public static int ofKey(long hash, int parts) {
        // By the lowest bits: the highest order the keys within a part.
        return (int) Long.remainderUnsigned(hash, parts);
    }

    /** The part of a rank. */
    public static int ofRank(long rank, long ranks, int parts) {
        return (int) (rank * parts / ranks);
    }

    /** The first rank of a part; that of the part behind the last is how many ranks there are. */
    public static long firstRank(int part, long ranks, int parts) {
        return (part * ranks + parts - 1) / parts;
    }
}
