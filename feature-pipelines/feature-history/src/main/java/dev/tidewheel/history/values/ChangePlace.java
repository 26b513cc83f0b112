package dev.tidewheel.history.values;

import dev.tidewheel.history.spill.KeyHash;

/** What a record says beside its values, in the numbers by which rows are sorted and marked. */
final class ChangePlace {
    private static final long RETRACTED = 0x9E3779B97F4A7C15L;
    /** More than the offsets of one channel differ by. */
    private static final long PER_CHANNEL = 1L << 40;

    private ChangePlace() {}

    /** By offset; what a record adds stands before what it takes away. */
    static long of(long offset, boolean retraction) {
        return offset << 1 | (retraction ? 1 : 0);
    }

    static long offset(long place) {
        return place >> 1;
    }

    static boolean isRetraction(long place) {
        return (place & 1) != 0;
    }

    /** Equal for changes that may repeat one another. An addition and its retraction do not, though they have one id. */
    static long mark(long id, boolean retraction) {
        return KeyHash.of(id) ^ (retraction ? RETRACTED : 0);
    }

    /** The same for an id that is a text. */
    static long mark(String id, boolean retraction) {
        return KeyHash.of(id) ^ (retraction ? RETRACTED : 0);
    }

    /** The same for a change without a declared id. */
    static long mark(int channel, long offset, boolean retraction) {
        return mark(offset + channel * PER_CHANNEL, retraction);
    }
}
