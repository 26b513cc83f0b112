package dev.tidewheel.history.spill;

import java.util.Arrays;

/**
 * Sorts numbers of rows without an object per row: a stable merge sort that is done at once where they are in order already,
 * as they mostly are. Not thread-safe.
 */
public final class RowSort {
    private static final int FEW = 16;

    private final Order order;
    private int[] spare = {};

    /** An order of rows by their numbers. */
    @FunctionalInterface
    public interface Order {
        /** Negative where the first comes first, 0 where nobody can tell them apart: then they stay as they are. */
        int compare(int left, int right);
    }

    public RowSort(Order order) {
        this.order = order;
    }

    /** Sorts all numbers of an array. */
    public void sort(int[] rows) {
        sort(rows, 0, rows.length);
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
        if (order.compare(rows[middle - 1], rows[middle]) > 0) {
            merge(rows, from, middle, to);
        }
    }

    private void insert(int[] rows, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int row = rows[i];
            int at = i;
            while (at > from && order.compare(rows[at - 1], row) > 0) {
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
            boolean takesRight = right < to && order.compare(spare[left], rows[right]) > 0;
            rows[at++] = takesRight ? rows[right++] : spare[left++];
        }
    }

    /** Puts the numbers of rows together by a code each: those of code c stand from {@code starts[c]} to {@code starts[c + 1]}, in order. */
    static void group(int[] codes, int size, int[] starts, int[] into) {
        Arrays.fill(starts, 0);
        for (int row = 0; row < size; row++) {
            starts[codes[row] + 1]++;
        }
        for (int code = 1; code < starts.length; code++) {
            starts[code] += starts[code - 1];
        }
        int[] next = starts.clone();
        for (int row = 0; row < size; row++) {
            into[next[codes[row]]++] = row;
        }
    }
}
