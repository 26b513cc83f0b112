package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some rows that were collected and not dealt out yet. Not thread-safe. */
final class WaitingRows {
    private static final int FIRST_CAPACITY = 256;

    private final ColumnBuffer[] columns;
    private @Nullable String[] texts = new String[FIRST_CAPACITY]; // null where the key is a number's text
    private long[] numbers = new long[FIRST_CAPACITY];
    private long[] moments = new long[FIRST_CAPACITY];
    private int[] channels = new int[FIRST_CAPACITY];
    private long[] places = new long[FIRST_CAPACITY];
    private int size;

    WaitingRows(RowSchema payload) {
        this.columns = payload.columns().stream().map(ColumnBuffer::new).toArray(ColumnBuffer[]::new);
    }

    ColumnBuffer column(int slot) {
        return columns[slot];
    }

    /** The key, its place in the order; the values stand in the columns. */
    void add(@Nullable String text, long number, long moment, int channel, long place) {
        if (size == moments.length) {
            grow(2 * size);
        }
        texts[size] = text;
        numbers[size] = number;
        moments[size] = moment;
        channels[size] = channel;
        places[size++] = place;
    }

    private void grow(int capacity) {
        texts = Arrays.copyOf(texts, capacity);
        numbers = Arrays.copyOf(numbers, capacity);
        moments = Arrays.copyOf(moments, capacity);
        channels = Arrays.copyOf(channels, capacity);
        places = Arrays.copyOf(places, capacity);
    }

    int size() {
        return size;
    }

    /** Whether as many values are there as rows were added. */
    boolean isComplete() {
        for (ColumnBuffer column : columns) {
            if (column.size() != size) {
                return false;
            }
        }
        return true;
    }

    /** The key's text; null where it is a number's. */
    @Nullable
    String text(int row) {
        return texts[row];
    }

    long number(int row) {
        return numbers[row];
    }

    long moment(int row) {
        return moments[row];
    }

    int channel(int row) {
        return channels[row];
    }

    long place(int row) {
        return places[row];
    }

    void clear() {
        for (ColumnBuffer column : columns) {
            column.clear();
        }
        size = 0;
    }
}
