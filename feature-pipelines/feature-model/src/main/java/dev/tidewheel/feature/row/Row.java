package dev.tidewheel.feature.row;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row as flat slots: a word and, for strings, a reference per column. No boxing: numbers, booleans and times live
 * in {@code words} (a double by its bits). Mutable while it is filled, treated as immutable afterwards. Not
 * thread-safe.
 *
 * <p>The arrays are exposed so that engines can serialise a row without knowing its schema.
 */
public final class Row {
    private final long[] words;
    private final @Nullable String[] strings;
    private final boolean[] nulls;

    /** A row of {@code size} nulls. */
    public Row(int size) {
        this(new long[size], new String[size], allNull(size));
    }

    /**
     * A row over the given arrays, which it keeps.
     *
     * @param words one per column; ignored where the column is null or a string
     * @param strings one per column; null unless the column is a string with a value
     * @param nulls true where the column has no value
     */
    public Row(long[] words, @Nullable String[] strings, boolean[] nulls) {
        if (words.length != strings.length || words.length != nulls.length) {
            throw new IllegalArgumentException(
                    "arrays differ in length: " + words.length + ", " + strings.length + ", " + nulls.length);
        }
        this.words = words;
        this.strings = strings;
        this.nulls = nulls;
    }

    private static boolean[] allNull(int size) {
        boolean[] nulls = new boolean[size];
        Arrays.fill(nulls, true);
        return nulls;
    }

    public int size() {
        return words.length;
    }

    public boolean isNull(int slot) {
        return nulls[slot];
    }

    /** The integer, or the epoch milliseconds, in a slot that is not null. */
    public long getLong(int slot) {
        return words[slot];
    }

    public double getDouble(int slot) {
        return Double.longBitsToDouble(words[slot]);
    }

    public boolean getBoolean(int slot) {
        return words[slot] != 0;
    }

    /** The string in a slot, or null. */
    public @Nullable String getString(int slot) {
        return strings[slot];
    }

    public Row setNull(int slot) {
        nulls[slot] = true;
        words[slot] = 0;
        strings[slot] = null;
        return this;
    }

    public Row setLong(int slot, long value) {
        words[slot] = value;
        nulls[slot] = false;
        return this;
    }

    /** Puts a double in a slot; there is one NaN, because its sign depends on whether the JVM has compiled the code. */
    public Row setDouble(int slot, double value) {
        return setLong(slot, Double.doubleToLongBits(value));
    }

    public Row setBoolean(int slot, boolean value) {
        return setLong(slot, value ? 1 : 0);
    }

    public Row setString(int slot, String value) {
        strings[slot] = value;
        nulls[slot] = false;
        return this;
    }

    /** A copy with more slots behind the existing ones, all null. */
    public Row widen(int size) {
        boolean[] widerNulls = Arrays.copyOf(nulls, size);
        Arrays.fill(widerNulls, nulls.length, size, true);
        return new Row(Arrays.copyOf(words, size), Arrays.copyOf(strings, size), widerNulls);
    }

    /** The words themselves, for serialisation. Do not change them. */
    public long[] words() {
        return words;
    }

    /** The strings themselves, for serialisation. Do not change them. */
    public @Nullable String[] strings() {
        return strings;
    }

    /** The null flags themselves, for serialisation. Do not change them. */
    public boolean[] nulls() {
        return nulls;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Row that
                && Arrays.equals(nulls, that.nulls)
                && Arrays.equals(words, that.words)
                && Arrays.equals(strings, that.strings);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(words) + Arrays.hashCode(strings)) + Arrays.hashCode(nulls);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(");
        for (int slot = 0; slot < words.length; slot++) {
            text.append(slot == 0 ? "" : ", ");
            text.append(nulls[slot] ? "null" : strings[slot] != null ? strings[slot] : Long.toString(words[slot]));
        }
        return text.append(')').toString();
    }
}
