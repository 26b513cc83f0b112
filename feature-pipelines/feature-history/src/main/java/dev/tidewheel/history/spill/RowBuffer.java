package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.util.Arrays;
import java.util.List;

/** Rows of a partition, until they are sorted. Not thread-safe. */
final class RowBuffer {
    private static final int FIRST_CAPACITY = 256;
    /** Key, moment, channel and place with what growing leaves unused, and two numbers while they are sorted. */
    private static final int BYTES_PER_ROW = 44;

    private final List<ColumnBuffer> columns;
    private final KeyTable keys = new KeyTable();
    private int[] keyOf = new int[FIRST_CAPACITY];
    private long[] moments = new long[FIRST_CAPACITY];
    private int[] channels = new int[FIRST_CAPACITY];
    private long[] places = new long[FIRST_CAPACITY];
    private long[] spare = {};
    private int[] grouped = {};
    private int size;

    RowBuffer(RowSchema payload) {
        this.columns = payload.columns().stream().map(ColumnBuffer::new).toList();
    }

    KeyTable keys() {
        return keys;
    }

    ColumnBuffer column(int slot) {
        return columns.get(slot);
    }

    List<ColumnBuffer> columns() {
        return columns;
    }

    void add(int key, long moment, int channel, long place) {
        if (size == keyOf.length) {
            grow(size + (size >> 1));
        }
        keyOf[size] = key;
        moments[size] = moment;
        channels[size] = channel;
        places[size++] = place;
    }

    private void grow(int capacity) {
        keyOf = Arrays.copyOf(keyOf, capacity);
        moments = Arrays.copyOf(moments, capacity);
        channels = Arrays.copyOf(channels, capacity);
        places = Arrays.copyOf(places, capacity);
    }

    int size() {
        return size;
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

    /** The numbers of all rows, key by key, as {@link RowSort#group} has them; in an array that the next call fills again. */
    int[] grouped(int[] starts) {
        if (grouped.length < size) {
            grouped = new int[keyOf.length];
        }
        RowSort.group(keyOf, size, starts, grouped);
        return grouped;
    }

    /**
     * Puts all rows into another order, so that who goes through them goes through memory: the n-th is then the one that stood
     * in a given row. Which key a row had is not known any more.
     */
    void arrange(int[] rows) {
        long[] arranged = spare(moments);
        for (int i = 0; i < size; i++) {
            arranged[i] = moments[rows[i]];
        }
        spare = moments;
        moments = arranged;
        arranged = spare(places);
        for (int i = 0; i < size; i++) {
            arranged[i] = places[rows[i]];
        }
        spare = places;
        places = arranged;
        int[] arrangedChannels = keyOf;
        for (int i = 0; i < size; i++) {
            arrangedChannels[i] = channels[rows[i]];
        }
        keyOf = channels;
        channels = arrangedChannels;
        columns.forEach(column -> column.arrange(rows));
    }

    private long[] spare(long[] like) {
        return spare.length < like.length ? new long[like.length] : spare;
    }

    /** Sorts numbers of rows by (moment, channel, place), until the rows are arranged. */
    RowSort order() {
        return new RowSort(this::compare);
    }

    private int compare(int left, int right) {
        int byMoment = Long.compare(moments[left], moments[right]);
        if (byMoment != 0) {
            return byMoment;
        }
        int byChannel = Integer.compare(channels[left], channels[right]);
        return byChannel != 0 ? byChannel : Long.compare(places[left], places[right]);
    }

    /** About how many bytes it takes, and takes while it is sorted. */
    long bytes() {
        long bytes = size * (long) BYTES_PER_ROW + keys.bytes();
        for (ColumnBuffer column : columns) {
            bytes += column.bytes();
        }
        return bytes;
    }

    void clear() {
        keys.clear();
        columns.forEach(ColumnBuffer::clear);
        size = 0;
    }
}
