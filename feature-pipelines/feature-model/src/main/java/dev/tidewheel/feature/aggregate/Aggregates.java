package dev.tidewheel.feature.aggregate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All aggregates by name. A new one is a class that holds its {@link Partial}, and a line here.
 *
 * <p>Common to all: null values do not count; rows for which the feature's {@code where} is not true do not count; an
 * empty window is 0 with status OK for {@code count} and {@code distinct}, null with status NULL for everything else.
 * What more adds than retracts balance to (a retraction without its addition) is no value either.
 */
public final class Aggregates {
    private static final Map<String, Aggregate> BY_NAME = index(List.of(
            new Aggregate("count", "rows, or values that are not null", List.of(), CountPartial::count),
            new Aggregate("sum", "exact sum; of doubles, rounded once at the end", List.of(), SumPartial::sum),
            new Aggregate("mean", "exact sum over count, rounded once", List.of(), SumPartial::mean),
            new Aggregate("variance", "population variance, rounded once", List.of(), MomentsPartial::variance),
            new Aggregate("stddev", "square root of the population variance", List.of(), MomentsPartial::stddev),
            new Aggregate("min", "smallest value", List.of(), ExtremePartial::min),
            new Aggregate("max", "greatest value", List.of(), ExtremePartial::max),
            new Aggregate("first", "value of the earliest event, then smallest id", List.of(), EdgePartial::first),
            new Aggregate("last", "value of the latest event, then greatest id", List.of(), EdgePartial::last),
            new Aggregate("distinct", "how many different values", DistinctPartial.PARAMETERS, DistinctPartial::bind),
            new Aggregate(
                    "quantile", "within a relative accuracy", QuantilePartial.PARAMETERS, QuantilePartial::bind)));

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
