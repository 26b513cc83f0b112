package dev.tidewheel.drift.profile;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one feature looked like in the reference. Its counts may be shared, and refuse changes.
 *
 * @param name a column of the service, or {@link Profile#PREDICTION} or {@link Profile#LABEL}
 * @param edges of all counts
 * @param total all rows
 * @param windows the same rows by the start of their window, epoch milliseconds; windows without rows are absent
 */
public record FeatureProfile(String name, Edges edges, Counts total, SortedMap<Long, Counts> windows) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if counts are on other edges, or the windows do not add up to the total
     */
    public FeatureProfile {
        Counts sum = new Counts(edges);
        TreeMap<Long, Counts> copies = new TreeMap<>();
        windows.forEach((start, counts) -> {
            sum.merge(counts);
            copies.put(start, counts.frozen());
        });
        if (!sum.equals(total)) {
            throw new IllegalArgumentException("the windows of '" + name + "' do not add up to its total");
        }
        total = total.frozen();
        windows = Collections.unmodifiableSortedMap(copies);
    }

    /** From windows alone. */
    public static FeatureProfile of(String name, Edges edges, SortedMap<Long, Counts> windows) {
        Counts total = new Counts(edges);
        windows.values().forEach(total::merge);
        return new FeatureProfile(name, edges, total, windows);
    }
}
