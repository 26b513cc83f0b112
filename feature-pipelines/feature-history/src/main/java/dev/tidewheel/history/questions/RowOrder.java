package dev.tidewheel.history.questions;

/** An order of rows by their numbers, and how they are brought into it: without an object per row. */
@FunctionalInterface
interface RowOrder {
    /** Negative where the first comes first, 0 where nobody can tell them apart. */
    int compare(int left, int right);

    /** Sorts numbers of rows; those that cannot be told apart stay as they are. Done at once where they are in order. */
    default void sort(int[] rows) {
        sort(rows, new int[(rows.length + 1) / 2], 0, rows.length);
    }

    private void sort(int[] rows, int[] spare, int from, int to) {
        if (to - from < 2) {
            return;
        }
        int middle = (from + to) >>> 1;
        sort(rows, spare, from, middle);
        sort(rows, spare, middle, to);
        if (compare(rows[middle - 1], rows[middle]) > 0) {
            merge(rows, spare, from, middle, to);
        }
    }

    private void merge(int[] rows, int[] spare, int from, int middle, int to) {
        int length = middle - from;
        System.arraycopy(rows, from, spare, 0, length);
        int left = 0;
        int right = middle;
        int at = from;
        while (left < length) {
            boolean takesRight = right < to && compare(spare[left], rows[right]) > 0;
            rows[at++] = takesRight ? rows[right++] : spare[left++];
        }
    }
}
