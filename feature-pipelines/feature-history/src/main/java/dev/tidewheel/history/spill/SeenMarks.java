package dev.tidewheel.history.spill;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Finds marks that come more than once, by a table with open addressing. Not thread-safe. */
final class SeenMarks {
    private static final int LEAST_SLOTS = 64;
    /** An array has no more slots in a power of two. */
    private static final int MOST_SLOTS = 1 << 30;

    private long[] slots = new long[LEAST_SLOTS]; // 0 for none

    /**
     * Those of the first so many that come more than once.
     *
     * @throws IllegalArgumentException if there are more than 2^30, which have no slot each
     */
    Set<Long> repeated(long[] marks, int count) {
        int length = slots(count);
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

    /**
     * How many slots so many marks take: twice as many or more, so that few share one; from 2^29 on they share 2^30, slower
     * the fuller they are. A mark always finds its own or an empty one.
     */
    static int slots(int marks) {
        if (marks > MOST_SLOTS) {
            throw new IllegalArgumentException(
                    "a key has " + marks + " rows in memory at once, and no more than " + MOST_SLOTS
                            + " can be told apart there: with a smaller heap they are sorted in several runs on disk");
        }
        return (int) Math.min(MOST_SLOTS, Math.max(LEAST_SLOTS, 4L * Integer.highestOneBit(marks)));
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
