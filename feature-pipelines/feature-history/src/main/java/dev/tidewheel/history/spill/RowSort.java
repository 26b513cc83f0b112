package dev.tidewheel.history.spill;

import java.util.Arrays;

/**
 * Sorts numbers of rows by (moment, channel, place): a stable merge sort that is done at once where they are in order
 * already, as rows of a key mostly are.
 */
final class RowSort {
    private static final int FEW = 16;

    private final long[] moments;
    private final int[] channels;
    private final long[] places;
    private int[] spare = {};

    RowSort(long[] moments, int[] channels, long[] places) {
        this.moments = moments;
        this.channels = channels;
        this.places = places;
    }

    /** Sorts the numbers in a range of an array. */
    void sort(int[] rows, int from, int to) {
        if (to - from <= FEW) {
            insert(rows, from, to);
            return;
        }
        int middle = (from + to) >>> 1;
        sort(rows, from, middle);
        sort(rows, middle, to);
        if (compare(rows[middle - 1], rows[middle]) > 0) {
            merge(rows, from, middle, to);
        }
    }

    private void insert(int[] rows, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int row = rows[i];
            int at = i;
            while (at > from && compare(rows[at - 1], row) > 0) {
                rows[at] = rows[at - 1];
                at--;
            }
            rows[at] = row;
        }
    }

    private void merge(int[] rows, int from, int middle, int to) {
        int length = middle - from;
        if (spare.length < length) {
            spare = new int[Math.max(length, 2 * spare.length)];
        }
        System.arraycopy(rows, from, spare, 0, length);
        int left = 0;
        int right = middle;
        int at = from;
        while (left < length) {
            boolean takesRight = right < to && compare(spare[left], rows[right]) > 0;
            rows[at++] = takesRight ? rows[right++] : spare[left++];
        }
    }

    private int compare(int left, int right) {
        int byMoment = Long.compare(moments[left], moments[right]);
        if (byMoment != 0) {
            return byMoment;
        }
        int byChannel = Integer.compare(channels[left], channels[right]);
        return byChannel != 0 ? byChannel : Long.compare(places[left], places[right]);
    }

    /** The numbers of rows by a code each: those of code c stand from {@code starts[c]} to {@code starts[c + 1]}, in order. */
    static int[] grouped(int[] codes, int size, int[] starts) {
        Arrays.fill(starts, 0);
        for (int row = 0; row < size; row++) {
            starts[codes[row] + 1]++;
        }
        for (int code = 1; code < starts.length; code++) {
            starts[code] += starts[code - 1];
        }
        int[] next = starts.clone();
        int[] rows = new int[size];
        for (int row = 0; row < size; row++) {
            rows[next[codes[row]]++] = row;
        }
        return rows;
    }
}
