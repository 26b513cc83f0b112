package dev.tidewheel.drift.blocks;

import java.util.Arrays;

/**
 * Rows by the day that they belong to; by several days at a time where there are more than {@value #MOST}. Blocks are
 * numbered from 0 in the order of time; days without rows have no number. Immutable.
 */
public final class Blocks {
    /** How many blocks there are at most. */
    public static final int MOST = 64;
    /** Of fewer blocks nothing can be said about how they differ. */
    public static final int FEWEST = 10;

    private static final long DAY_MILLIS = 86_400_000;

    private final int[] ofRow;
    private final int days;
    private final int count;

    private Blocks(int[] ofRow, int days, int count) {
        this.ofRow = ofRow;
        this.days = days;
        this.count = count;
    }

    /** @param times of the rows, epoch milliseconds, in any order */
    public static Blocks of(long[] times) {
        long[] days = Arrays.stream(times)
                .map(time -> Math.floorDiv(time, DAY_MILLIS))
                .sorted()
                .distinct()
                .toArray();
        int perBlock = Math.max(1, (days.length + MOST - 1) / MOST);
        int[] ofRow = new int[times.length];
        for (int row = 0; row < times.length; row++) {
            int day = Arrays.binarySearch(days, Math.floorDiv(times[row], DAY_MILLIS));
            ofRow[row] = day / perBlock;
        }
        return new Blocks(ofRow, days.length, days.length == 0 ? 0 : (days.length - 1) / perBlock + 1);
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** How many days have rows. */
    public int days() {
        return days;
    }

    /** How many rows they hold. */
    public int rows() {
        return ofRow.length;
    }

    /** The block of a row. */
    public int of(int row) {
        return ofRow[row];
    }

    /** Whether there are enough of them to learn how they differ. */
    public boolean areEnough() {
        return count >= FEWEST;
    }
}
