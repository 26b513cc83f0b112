package dev.tidewheel.history.scan;

import java.util.Set;

/**
 * What a scan may leave out. It may deliver more than it must. Times are epoch milliseconds.
 *
 * @param columns the columns that are needed, beside event time, known time and id; others may be null
 * @param happenedFrom what happened earlier is not needed
 * @param happenedBefore what happened then or later is not needed
 * @param knownThrough what became known later is not needed
 */
public record ScanFilter(Set<String> columns, long happenedFrom, long happenedBefore, long knownThrough) {
    public ScanFilter {
        columns = Set.copyOf(columns);
    }

    /** All records. */
    public static ScanFilter of(Set<String> columns) {
        return new ScanFilter(columns, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }
}
