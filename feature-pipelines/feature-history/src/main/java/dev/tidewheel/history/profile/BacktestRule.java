package dev.tidewheel.history.profile;

import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.verdict.Thresholds;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one measure of one feature did, window by window.
 *
 * @param feature a column, or one of the names that begin with @
 * @param measure what was measured
 * @param thresholds as calibrated on the profile
 * @param fixed the fixed threshold for the measure; NaN if there is none
 * @param own the reference's windows against the whole reference, by their start
 * @param values the later windows against the reference, by their start; NaN where undefined
 */
public record BacktestRule(
        String feature,
        Measure measure,
        Thresholds thresholds,
        double fixed,
        SortedMap<Long, Double> own,
        SortedMap<Long, Double> values) {
    public BacktestRule {
        own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Starts of the later windows that the calibrated threshold calls bad. */
    public List<Long> calibratedFires() {
        return values.entrySet().stream()
                .filter(value -> thresholds.direction().beyond(value.getValue(), thresholds.at(value.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Starts of the later windows that the fixed threshold calls bad; none if there is none. */
    public List<Long> fixedFires() {
        return beyondFixed(values);
    }

    /** Starts of the reference's own windows that the fixed threshold calls bad. */
    public List<Long> fixedFiresOnReference() {
        return beyondFixed(own);
    }

    private List<Long> beyondFixed(SortedMap<Long, Double> windows) {
        return windows.entrySet().stream()
                .filter(value -> thresholds.direction().beyond(value.getValue(), fixed))
                .map(Map.Entry::getKey)
                .toList();
    }
}
