package dev.tidewheel.feature.change;

import dev.tidewheel.feature.row.Row;
import java.util.Objects;

/**
 * One thing that became known: a row that counts from now on ({@code retraction} false) or no longer
 * ({@code retraction} true). A correction is a retraction of the old row and an addition of the new one.
 *
 * @param retraction whether the row is taken away
 * @param id removes duplicates and breaks ties
 * @param eventTime when it happened, epoch milliseconds
 * @param knownTime when the platform could first know it, epoch milliseconds
 * @param row the columns that the view reads
 */
public record Change(boolean retraction, EventId id, long eventTime, long knownTime, Row row) {
    public Change {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(row, "row");
    }

    /**
     * The first moment at which a read may contain this change: not before it is known, and strictly after it happened,
     * because a window ends before its read time.
     */
    public long visibleAt() {
        return visibleAt(eventTime, knownTime);
    }

    /** The rule of {@link #visibleAt()} for callers without a change at hand. */
    public static long visibleAt(long eventTime, long knownTime) {
        // What happens at the end of time, as databases write "never", is not visible before.
        return eventTime == Long.MAX_VALUE ? eventTime : Math.max(knownTime, eventTime + 1);
    }

    /** Whether it became known too late for its source: a property of the change alone, the same online and offline. */
    public boolean isLate(long horizonMillis) {
        return isLate(eventTime, knownTime, horizonMillis);
    }

    /** The rule of {@link #isLate(long)} for callers without a change at hand. */
    public static boolean isLate(long eventTime, long knownTime, long horizonMillis) {
        return difference(knownTime, eventTime) > horizonMillis;
    }

    /** How far its event lies ahead of the moment when it became known; negative for what lies behind. */
    public long leadMillis() {
        return leadMillis(eventTime, knownTime);
    }

    /** The rule of {@link #leadMillis()} for callers without a change at hand. */
    public static long leadMillis(long eventTime, long knownTime) {
        return difference(eventTime, knownTime);
    }

    /** {@code left − right}, held at the ends of the range: garbage in a time must not look harmless. */
    private static long difference(long left, long right) {
        long difference = left - right;
        boolean overflows = ((left ^ right) & (left ^ difference)) < 0;
        return overflows ? (left < right ? Long.MIN_VALUE : Long.MAX_VALUE) : difference;
    }
}
