package dev.tidewheel.feature.aggregate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often each of some different values was counted. A read merges hundreds of tiles that have most values in common, so
 * merging is what must be cheap: counts are added in place, found by a hash index, and the order is established once, when
 * somebody asks for it. What was decoded is ascending already and has no index until something is merged into it. Mutable,
 * not thread-safe.
 *
 * <p>A subclass holds the keys: one per entry, and room for one more, the staged key, that is looked up.
 *
 * @param <T> the implementing class
 */
abstract class Tally<T extends Tally<T>> {
    private static final int FEW = 8;

    private long[] counts = new long[4];
    private int size;
    private boolean ascending = true;
    private int @Nullable [] index; // open addressing: an entry + 1, or 0

    /** Makes room for so many keys. */
    abstract void resizeKeys(int capacity);

    /** Puts a key of the other, or of this one, where a key is staged. */
    abstract void stage(T other, int entry, int at);

    abstract int hash(int entry);

    /** Negative if the left entry's key is smaller, 0 if they are equal. */
    abstract int compare(int left, int right);

    abstract boolean same(int left, int right);

    /** Puts the keys of the first so many entries in order. */
    abstract void sortKeys(int count);

    /** A new one with the same keys and room for one more. */
    abstract T copyKeys(int count);

    final int size() {
        return size;
    }

    final long count(int entry) {
        return counts[entry];
    }

    /** Counts the staged key; tells whether it is a new one. */
    final boolean countStaged(long times) {
        int found = find();
        if (found >= 0) {
            counts[found] += times;
            return false;
        }
        append(times);
        return true;
    }

    /** Counts everything that the other counts. */
    final void merge(T other) {
        Tally<T> theirs = other;
        if (size == 0) {
            copy(theirs);
            return;
        }
        if (index == null && size + theirs.size > FEW) {
            buildIndex(size + theirs.size);
        }
        for (int i = 0; i < theirs.size; i++) {
            reserve();
            stage(other, i, size);
            countStaged(theirs.counts[i]);
        }
    }

    private void copy(Tally<T> other) {
        size = 0;
        index = null;
        counts = Arrays.copyOf(other.counts, Math.max(4, other.size + 1));
        resizeKeys(counts.length);
        for (int i = 0; i < other.size; i++) {
            stage(other.self(), i, i);
        }
        size = other.size;
        ascending = other.ascending;
    }

    @SuppressWarnings("unchecked")
    private T self() {
        return (T) this;
    }

    /** Makes room for a staged key. */
    final void reserve() {
        if (size + 1 >= counts.length) {
            counts = Arrays.copyOf(counts, counts.length * 2);
            resizeKeys(counts.length);
        }
    }

    /** Where a key is staged. */
    final int staged() {
        return size;
    }

    private int find() {
        if (index != null) {
            return findByHash(index);
        }
        if (size <= FEW) {
            for (int i = 0; i < size; i++) {
                if (same(i, size)) {
                    return i;
                }
            }
            return -1;
        }
        if (ascending) {
            return findByOrder();
        }
        return findByHash(buildIndex(size));
    }

    private int findByOrder() {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle, size);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private int findByHash(int[] table) {
        int at = spread(hash(size)) & (table.length - 1);
        while (table[at] != 0) {
            if (same(table[at] - 1, size)) {
                return table[at] - 1;
            }
            at = (at + 1) & (table.length - 1);
        }
        return -1;
    }

    /** Counts the staged key, which is greater than all others. */
    final void append(long times) {
        counts[size] = times;
        ascending &= size == 0 || compare(size - 1, size) < 0;
        size++;
        int[] table = index;
        if (table != null) {
            if (2 * size > table.length) {
                buildIndex(2 * size);
            } else {
                enter(table, size - 1);
            }
        }
    }

    private int[] buildIndex(int expected) {
        int[] table = new int[Integer.highestOneBit(Math.max(8, expected)) * 4];
        for (int i = 0; i < size; i++) {
            enter(table, i);
        }
        index = table;
        return table;
    }

    private void enter(int[] table, int entry) {
        int at = spread(hash(entry)) & (table.length - 1);
        while (table[at] != 0) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = entry + 1;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    /** Puts the entries in the order of their keys. */
    final void sort() {
        if (ascending) {
            return;
        }
        int[] table = index == null ? buildIndex(size) : index;
        Tally<T> before = copyKeys(size);
        before.size = size;
        sortKeys(size);
        long[] sorted = new long[counts.length];
        for (int i = 0; i < size; i++) {
            before.stage(self(), i, size);
            sorted[i] = counts[before.findByHash(table)];
        }
        counts = sorted;
        index = null;
        ascending = true;
    }

    /** Leaves out what was counted 0 times. */
    final void dropZeros() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (counts[i] != 0) {
                counts[kept] = counts[i];
                stage(self(), i, kept++);
            }
        }
        if (kept < size) {
            size = kept;
            index = null;
        }
    }

    /** Takes so much from every count, and leaves out what has nothing left. */
    final void subtract(long times) {
        for (int i = 0; i < size; i++) {
            counts[i] = Math.max(0, counts[i] - times);
        }
        dropZeros();
    }

    final void clear() {
        size = 0;
        counts = new long[4];
        resizeKeys(counts.length);
        index = null;
        ascending = true;
    }
}
