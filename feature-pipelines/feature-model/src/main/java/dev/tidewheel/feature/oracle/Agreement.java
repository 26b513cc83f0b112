package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a value is what its aggregate promises, given the oracle's: equal bits for EXACT and REPRODUCIBLE ones. A BOUNDED
 * one has an equal status; of frequent values, no estimate is above the true count that the oracle's list has, and none of
 * a value that the oracle's list leaves out is above the smallest count there.
 */
public final class Agreement {
    private Agreement() {}

    /**
     * @param feature which of the plan's features
     * @param actual holds the value at {@code slot}
     * @param expected holds the oracle's value at {@code slot}
     */
    public static boolean holds(ViewPlan plan, int feature, FeatureValues actual, FeatureValues expected, int slot) {
        boolean isNull = actual.row().isNull(slot);
        if (actual.statuses()[slot] != expected.statuses()[slot]
                || isNull != expected.row().isNull(slot)) {
            return false;
        }
        String text = actual.row().getString(slot);
        String truth = expected.row().getString(slot);
        boolean same =
                isNull || (actual.row().getLong(slot) == expected.row().getLong(slot) && Objects.equals(text, truth));
        if (same || plan.promise(feature) != Promise.BOUNDED || text == null || truth == null) {
            return same;
        }
        FeatureSpec spec = plan.spec().features().get(feature);
        return spec.bucket().isPresent()
                || isBelow(text, truth, (int) spec.parameters().number("k", 10));
    }

    private static boolean isBelow(String estimates, String truth, int k) {
        Map<String, Long> counts = entries(truth);
        long least = counts.size() < k
                ? 0
                : counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return entries(estimates).entrySet().stream()
                .allMatch(entry -> entry.getValue() <= counts.getOrDefault(entry.getKey(), least));
    }

    /** From a list of pairs, such as {@code [["a",3],["b",1]]}, the counts by the values' JSON. */
    private static Map<String, Long> entries(String json) {
        Map<String, Long> entries = new LinkedHashMap<>();
        int depth = 0;
        int start = 0;
        boolean quoted = false;
        for (int at = 0; at < json.length(); at++) {
            char unit = json.charAt(at);
            if (quoted) {
                at += unit == '\\' ? 1 : 0;
                quoted = unit != '"';
            } else if (unit == '"') {
                quoted = true;
            } else if (unit == '[' || unit == '{') {
                depth++;
                start = depth == 2 ? at + 1 : start;
            } else if (unit == ']' || unit == '}') {
                if (depth == 2) {
                    String pair = json.substring(start, at);
                    int comma = pair.lastIndexOf(',');
                    entries.put(pair.substring(0, comma), Long.valueOf(pair.substring(comma + 1)));
                }
                depth--;
            }
        }
        return entries;
    }
}
