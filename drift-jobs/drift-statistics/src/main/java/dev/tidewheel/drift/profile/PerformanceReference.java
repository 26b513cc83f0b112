package dev.tidewheel.drift.profile;

import dev.tidewheel.drift.performance.PerformanceValues;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well the model did on its reference: on rows that it learned from, so a little better than it will ever be again.
 *
 * @param total over all rows
 * @param windows by the start of the window, epoch milliseconds
 */
public record PerformanceReference(PerformanceValues total, SortedMap<Long, PerformanceValues> windows) {
    public PerformanceReference {
        Objects.requireNonNull(total, "total");
        windows = Collections.unmodifiableSortedMap(new TreeMap<>(windows));
    }
}
