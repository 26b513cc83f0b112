package dev.tidewheel.history.source;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.parquet.ColumnSink;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * One column of a history while it is read, and afterwards: words for numbers, booleans and times (a double by its
 * bits), references to shared strings. Not thread-safe while it is filled.
 */
public final class ColumnBuffer implements ColumnSink {
    private static final String NO_STRING = "";
    /** A word or a reference, a bit, and as much again by half. */
    private static final int BYTES_PER_VALUE = 13;
    /** A string's header, its array's, and its place among the shared ones. */
    private static final int BYTES_PER_TEXT = 100;

    private final Column column;
    private final BitSet nulls = new BitSet();
    private final Map<String, String> shared = new HashMap<>();
    private long[] words = {};
    private long[] spare = {}; // where values are put into another order
    private String[] strings = {};
    private int size;
    private long textBytes;

    /** An empty one. */
    public ColumnBuffer(Column column) {
        this.column = column;
    }

    /** The column's name and type. */
    public Column column() {
        return column;
    }

    @Override
    public void appendNull() {
        ensureRoom();
        nulls.set(size);
        if (isString()) {
            strings[size] = NO_STRING;
        }
        size++;
    }

    /** Appends an integer, epoch milliseconds, a boolean as 0 or 1, or a double's bits. */
    @Override
    public void appendWord(long word) {
        ensureRoom();
        words[size++] = word;
    }

    /** Appends a double; there is one NaN, as in {@link Row#setDouble}. */
    @Override
    public void appendDouble(double value) {
        appendWord(Double.doubleToLongBits(value));
    }

    @Override
    public void appendWords(long[] values, int from, int count) {
        ensureRoom(count);
        System.arraycopy(values, from, words, size, count);
        size += count;
    }

    @Override
    public void appendDoubles(long[] bits, int from, int count) {
        appendWords(bits, from, count);
    }

    @Override
    public void appendString(String value) {
        ensureRoom();
        String known = shared.putIfAbsent(value, value);
        if (known == null) {
            textBytes += BYTES_PER_TEXT + 2L * value.length();
        }
        strings[size++] = known == null ? value : known;
    }

    /** Appends what stands in a row of another column of the same type. */
    public void appendFrom(ColumnBuffer from, int row) {
        if (from.isNull(row)) {
            appendNull();
        } else if (isString()) {
            appendString(from.string(row));
        } else {
            appendWord(from.word(row));
        }
    }

    /** Appends what stands in some rows of another column of the same type. */
    public void appendFrom(ColumnBuffer from, int[] rows, int count) {
        if (isString() || !from.nulls.isEmpty()) {
            for (int i = 0; i < count; i++) {
                appendFrom(from, rows[i]);
            }
            return;
        }
        ensureRoom(count);
        for (int i = 0; i < count; i++) {
            words[size + i] = from.words[rows[i]];
        }
        size += count;
    }

    /** Puts the values into another order: the n-th is then the one that stands in a given row. */
    public void arrange(int[] rows) {
        if (isString()) {
            String[] arranged = new String[strings.length];
            for (int i = 0; i < size; i++) {
                arranged[i] = strings[rows[i]];
            }
            strings = arranged;
        } else {
            long[] arranged = spare.length < words.length ? new long[words.length] : spare;
            for (int i = 0; i < size; i++) {
                arranged[i] = words[rows[i]];
            }
            spare = words;
            words = arranged;
        }
        if (!nulls.isEmpty()) {
            BitSet before = (BitSet) nulls.clone();
            for (int i = 0; i < size; i++) {
                nulls.set(i, before.get(rows[i]));
            }
        }
    }

    /** Forgets all values. */
    public void clear() {
        nulls.clear();
        shared.clear();
        textBytes = 0;
        size = 0;
    }

    /** About how many bytes the values take, with what growing leaves unused. */
    public long bytes() {
        return size * (long) BYTES_PER_VALUE + textBytes;
    }

    /** Appends what stands in a slot of a row. */
    public void append(Row row, int slot) {
        String text = row.getString(slot);
        if (row.isNull(slot)) {
            appendNull();
        } else if (text != null) {
            appendString(text);
        } else {
            appendWord(row.getLong(slot));
        }
    }

    /** How many values there are. */
    public int size() {
        return size;
    }

    /** Whether it holds texts, not words. */
    public boolean isString() {
        return column.type().isText();
    }

    public boolean isNull(int row) {
        return nulls.get(row);
    }

    /** A value that is not null and no text. */
    public long word(int row) {
        return words[row];
    }

    /** A text that is not null. */
    public String string(int row) {
        return strings[row];
    }

    /** Puts a value into a slot of a row that is null there. */
    public void copy(int row, Row to, int slot) {
        if (nulls.get(row)) {
            return;
        }
        if (isString()) {
            to.setString(slot, strings[row]);
        } else {
            to.setLong(slot, words[row]);
        }
    }

    /** The text of a value that is not null, as it stands in an entity key. */
    public String text(int row) {
        Row one = new Row(1);
        copy(row, one, 0);
        return EntityKeys.text(one, 0, column.type());
    }

    /** For words. */
    private void ensureRoom(int count) {
        if (words.length < size + count) {
            words = Arrays.copyOf(words, Math.max(1024, Math.max(size + count, words.length + (words.length >> 1))));
        }
    }

    private void ensureRoom() {
        int capacity = isString() ? strings.length : words.length;
        if (size < capacity) {
            return;
        }
        int wanted = Math.max(1024, size + (size >> 1));
        if (isString()) {
            strings = Arrays.copyOf(strings, wanted);
        } else {
            words = Arrays.copyOf(words, wanted);
        }
    }
}
