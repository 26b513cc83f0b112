package dev.tidewheel.history.values;

import dev.tidewheel.history.spill.KeyHash;

/**
 * Which keys were asked about, by two bits of their hashes each: a key that was asked is always among them, another one
 * seldom. So the changes of a key that nobody asks about are not sorted. Filled by one thread; then thread-safe.
 */
final class AskedKeys {
    private static final int WORD_BITS = 6;
    /** A megabyte: one key in twenty is taken for another when a million are asked. */
    private static final int BITS = 23;

    private final long[] words = new long[1 << BITS - WORD_BITS];

    void add(String key) {
        add(KeyHash.of(key));
    }

    private void add(long hash) {
        set(hash >>> Long.SIZE - BITS);
        set(hash & (1 << BITS) - 1);
    }

    boolean mayHave(long integer) {
        return has(KeyHash.of(integer));
    }

    boolean mayHave(String key) {
        return has(KeyHash.of(key));
    }

    private boolean has(long hash) {
        return isSet(hash >>> Long.SIZE - BITS) && isSet(hash & (1 << BITS) - 1);
    }

    private void set(long bit) {
        words[(int) (bit >>> WORD_BITS)] |= 1L << bit;
    }

    private boolean isSet(long bit) {
        return (words[(int) (bit >>> WORD_BITS)] & 1L << bit) != 0;
    }
}
