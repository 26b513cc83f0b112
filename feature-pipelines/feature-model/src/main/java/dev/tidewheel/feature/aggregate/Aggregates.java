package dev.tidewheel.feature.aggregate;

import static dev.tidewheel.feature.aggregate.Input.Need.OPTIONAL;
import static dev.tidewheel.feature.aggregate.Input.Need.REQUIRED;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All aggregates by name. A new one is a class that holds its {@link Partial}, and a line here.
 *
 * <p>Common to all: null values do not count, but for {@code latest}; rows for which the feature's {@code where} is not true do not count; an
 * empty window is 0 with status OK for {@code count} and {@code distinct}, null with status NULL for everything else.
 * What more adds than retracts balance to (a retraction without its addition) is no value either.
 */
public final class Aggregates {
    private static final Map<String, Aggregate> BY_NAME = index(List.of(
            Aggregate.of("count", "rows, or values that are not null", Input.any(OPTIONAL), CountPartial::count)
                    .empty("0"),
            Aggregate.of("sum", "exact sum; of doubles, rounded once at the end", Input.numeric(), SumPartial::sum),
            Aggregate.of("mean", "exact sum over count, rounded once", Input.numeric(), SumPartial::mean),
            Aggregate.of("variance", "variance, rounded once", Input.numeric(), MomentsPartial::variance),
            Aggregate.of("stddev", "square root of the variance", Input.numeric(), MomentsPartial::stddev),
            Aggregate.of("min", "smallest value", Input.any(REQUIRED), ExtremePartial::min),
            Aggregate.of("max", "greatest value", Input.any(REQUIRED), ExtremePartial::max),
            Aggregate.of(
                    "first", "value of the earliest event, then smallest id", Input.any(REQUIRED), EdgePartial::first),
            Aggregate.of("last", "value of the latest event, then greatest id", Input.any(REQUIRED), EdgePartial::last),
            Aggregate.of(
                    "latest",
                    "value of the row that a change stream ends with",
                    Input.any(REQUIRED),
                    LatestPartial::bind),
            Aggregate.of("distinct", "how many different values", Input.any(REQUIRED), DistinctPartial::bind)
                    .empty("0")
                    .with(DistinctPartial.LIMIT),
            Aggregate.of("quantile", "a quantile, within a relative accuracy", Input.numeric(), QuantilePartial::bind)
                    .with(QuantilePartial.Q, QuantilePartial.ACCURACY)));

    private Aggregates() {}

    /**
     * The aggregate of a name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those that there are
     */
    public static Aggregate byName(String name) {
        Aggregate aggregate = BY_NAME.get(name);
        if (aggregate == null) {
            throw new IllegalArgumentException(
                    "no aggregate is called '" + name + "'; there are " + String.join(", ", BY_NAME.keySet()));
        }
        return aggregate;
    }

    /** All of them, in the order in which documentation lists them. */
    public static Collection<Aggregate> all() {
        return BY_NAME.values();
    }

    private static Map<String, Aggregate> index(List<Aggregate> aggregates) {
        Map<String, Aggregate> byName = new LinkedHashMap<>();
        aggregates.forEach(aggregate -> byName.put(aggregate.name(), aggregate));
        return java.util.Collections.unmodifiableMap(byName);
    }
}
