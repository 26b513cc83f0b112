package dev.tidewheel.history.spill;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Finds marks that come more than once, by a table with open addressing. Not thread-safe. */
final class SeenMarks {
    private static final String ROWS = "rows of one key in one run (a smaller heap makes several)";

    private long[] slots = {}; // 0 for none

    /**
     * Those of the first so many that come more than once.
     *
     * @throws IllegalArgumentException if there are 2^30 or more
     */
    Set<Long> repeated(long[] marks, int count) {
        int length = Slots.of(count, ROWS);
        if (slots.length < length) {
            slots = new long[length];
        } else {
            Arrays.fill(slots, 0, length, 0);
        }
        Set<Long> repeated = Set.of();
        boolean zero = false;
        for (int i = 0; i < count; i++) {
            long mark = marks[i];
            boolean known = mark == 0 ? zero : !isNew(mark, length - 1);
            zero |= mark == 0;
            if (known) {
                repeated = repeated.isEmpty() ? new HashSet<>() : repeated;
                repeated.add(mark);
            }
        }
        return repeated;
    }

    private boolean isNew(long mark, int mask) {
        int slot = (int) mark & mask;
        while (slots[slot] != 0) {
            if (slots[slot] == mark) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        slots[slot] = mark;
        return true;
    }
}
