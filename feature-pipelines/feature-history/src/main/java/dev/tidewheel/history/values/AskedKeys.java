package dev.tidewheel.history.values;

import dev.tidewheel.history.spill.KeyHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which keys were asked about, by two bits of their hashes each: a key that was asked is always among them, another one
 * seldom. So the changes of a key that nobody asks about are not sorted. Filled by one thread; then thread-safe.
 */
public final class AskedKeys {
    private static final int WORD_BITS = 6;
    /** A megabyte: one key in twenty is taken for another when a million are asked. */
    private static final int BITS = 23;

    private final long[] words = new long[1 << BITS - WORD_BITS];

    /** What {@link #write} wrote. */
    public static AskedKeys read(Path file) throws IOException {
        AskedKeys keys = new AskedKeys();
        ByteBuffer.wrap(Files.readAllBytes(file)).asLongBuffer().get(keys.words);
        return keys;
    }

    /** Writes them to a file, a megabyte. */
    public void write(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES);
        bytes.asLongBuffer().put(words);
        Files.write(file, bytes.array());
    }

    /** Adds a key. */
    public void add(String key) {
        add(KeyHash.of(key));
    }

    /** Adds the key of a {@link KeyHash}. */
    void add(long hash) {
        set(hash >>> Long.SIZE - BITS);
        set(hash & (1 << BITS) - 1);
    }

    boolean mayHave(long integer) {
        return mayHaveHash(KeyHash.of(integer));
    }

    boolean mayHave(String key) {
        return mayHaveHash(KeyHash.of(key));
    }

    /** Whether a key of this {@link KeyHash} may have been asked. */
    public boolean mayHaveHash(long hash) {
        return isSet(hash >>> Long.SIZE - BITS) && isSet(hash & (1 << BITS) - 1);
    }

    private void set(long bit) {
        words[(int) (bit >>> WORD_BITS)] |= 1L << bit;
    }

    private boolean isSet(long bit) {
        return (words[(int) (bit >>> WORD_BITS)] & 1L << bit) != 0;
    }
}
