package dev.tidewheel.feature.view;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A feature view in the terms of the mathematics. Definitions in YAML become this; tests may build it by hand.
 *
 * @param name the view's name
 * @param entity the source columns that form the key, in order
 * @param where a CEL predicate; rows for which it is not true are FILTERED
 * @param columns derived columns, each may use the ones before it
 * @param features in output order
 * @param horizonMillis the source's horizon: later changes are LATE
 * @param futureLimitMillis events further ahead of their knownTime are REJECTED; {@link #NO_FUTURE_LIMIT} rejects none
 * @param headSpanMillis changes that became visible less than this before the key's greatest knownTime stay raw
 * @param headEntries at most so many stay raw, beside those dated ahead; beyond it those that became visible first are folded
 */
public record ViewSpec(
        String name,
        List<String> entity,
        Optional<String> where,
        List<DerivedColumn> columns,
        List<FeatureSpec> features,
        long horizonMillis,
        long futureLimitMillis,
        long headSpanMillis,
        int headEntries) {

    /** However far a row is dated ahead, it waits until it is due. */
    public static final long NO_FUTURE_LIMIT = Long.MAX_VALUE;

    /** A named CEL expression over a row. */
    public record DerivedColumn(String name, String expression) {
        public DerivedColumn {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(expression, "expression");
        }
    }

    public ViewSpec {
        Objects.requireNonNull(name, "name");
        entity = List.copyOf(entity);
        Objects.requireNonNull(where, "where");
        columns = List.copyOf(columns);
        features = List.copyOf(features);
        if (horizonMillis < 0 || futureLimitMillis < 0 || headSpanMillis < 0 || headEntries < 0) {
            throw new IllegalArgumentException("view " + name
                    + ": horizon, future limit, head span and head entries are at least 0, got " + horizonMillis
                    + " ms, " + futureLimitMillis + " ms, " + headSpanMillis + " ms, " + headEntries);
        }
    }
}
