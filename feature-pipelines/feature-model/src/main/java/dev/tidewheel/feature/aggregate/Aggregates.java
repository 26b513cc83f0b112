package dev.tidewheel.feature.aggregate;

import static dev.tidewheel.feature.aggregate.Input.Need.OPTIONAL;
import static dev.tidewheel.feature.aggregate.Input.Need.REQUIRED;

import dev.tidewheel.feature.aggregate.RankedPartial.Ranking;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All aggregates by name. A new one is a class that holds its {@link Partial}, and a line here.
 *
 * <p>Common to all: null values do not count, but for {@code latest}; rows for which the feature's {@code where} is not
 * true do not count; an empty window is 0 with status OK for what counts, null with status NULL for everything else.
 * What more adds than retracts balance to (a retraction without its addition) is no value either.
 */
public final class Aggregates {
    private static final Input REQUIRED_ANY = Input.any(REQUIRED);
    private static final Map<String, Aggregate> BY_NAME = index(List.of(
            Aggregate.of("count", "rows, or values that are not null", Input.any(OPTIONAL), CountPartial::count)
                    .empty("0"),
            Aggregate.of("sum", "exact sum; of doubles, rounded once at the end", Input.numeric(), SumPartial::sum),
            Aggregate.of("mean", "exact sum over count, rounded once", Input.numeric(), SumPartial::mean),
            Aggregate.of("variance", "variance, rounded once", Input.numeric(), MomentsPartial::variance)
                    .with(MomentsPartial.DDOF),
            Aggregate.of("stddev", "square root of the variance", Input.numeric(), MomentsPartial::stddev)
                    .with(MomentsPartial.DDOF),
            Aggregate.of("min", "smallest value", REQUIRED_ANY, ExtremePartial::min),
            Aggregate.of("max", "greatest value", REQUIRED_ANY, ExtremePartial::max),
            Aggregate.of("first", "value of the earliest event, then smallest id", REQUIRED_ANY, EdgePartial::first),
            Aggregate.of("last", "value of the latest event, then greatest id", REQUIRED_ANY, EdgePartial::last),
            Aggregate.of(
                    "latest", "value of the row that a change stream ends with", REQUIRED_ANY, LatestPartial::bind),
            Aggregate.of("distinct", "how many different values", REQUIRED_ANY, DistinctPartial::bind)
                    .empty("0")
                    .with(DistinctPartial.LIMIT),
            Aggregate.of("quantile", "a quantile, within a relative accuracy", Input.numeric(), QuantilePartial::bind)
                    .with(QuantilePartial.Q, QuantilePartial.ACCURACY),
            Aggregate.of("skewness", "population skewness", Input.numeric(), PowerSumsPartial::skewness),
            Aggregate.of("kurtosis", "population excess kurtosis", Input.numeric(), PowerSumsPartial::kurtosis),
            ranked("first_k", "list of values, the earliest event's first", Ranking.FIRST),
            ranked("last_k", "list of values, the latest event's first", Ranking.LAST),
            ranked("top_k", "list of the greatest values, or of those where 'by' is greatest", Ranking.TOP)
                    .by(Input.any(OPTIONAL)),
            ranked("bottom_k", "list of the smallest values, or of those where 'by' is smallest", Ranking.BOTTOM)
                    .by(Input.any(OPTIONAL)),
            Aggregate.of(
                            "approx_distinct",
                            "about how many different values",
                            REQUIRED_ANY,
                            ApproxDistinctPartial::bind)
                    .empty("0")
                    .with(ApproxDistinctPartial.PRECISION),
            Aggregate.of("histogram", "counts per bin", Input.numeric(), HistogramPartial::bind)
                    .empty("counts of 0")
                    .with(HistogramPartial.EDGES),
            Aggregate.of(
                            "frequent",
                            "list of the most frequent values, each with how often it came at least",
                            REQUIRED_ANY,
                            FrequentPartial::bind)
                    .with(RankedPartial.K, FrequentPartial.COUNTERS),
            Aggregate.of(
                            "ratio",
                            "exact sum of 'of' over exact sum of 'by', rounded once",
                            Input.numeric(),
                            RatioPartial::bind)
                    .by(Input.numeric()),
            Aggregate.of(
                            "rate",
                            "rows, or values that are not null, per second",
                            Input.any(OPTIONAL),
                            CountPartial::rate)
                    .empty("0.0")
                    .overTime(true),
            Aggregate.of(
                    "time_since_last",
                    "milliseconds since the latest row, or value that is not null",
                    Input.any(OPTIONAL),
                    TimeSincePartial::bind),
            Aggregate.of(
                            "decayed_sum",
                            "sum of values that lose half with every half-life",
                            Input.numeric(),
                            DecayPartial::sum)
                    .with(DecayPartial.HALF_LIFE),
            Aggregate.of(
                            "decayed_mean",
                            "mean, weighted with what half-lives leave",
                            Input.numeric(),
                            DecayPartial::mean)
                    .with(DecayPartial.HALF_LIFE),
            Aggregate.of(
                    "trend",
                    "slope of the least-squares line over time, per second",
                    Input.numeric(),
                    PairsPartial::trend),
            Aggregate.of("correlation", "Pearson's, of 'of' and 'by'", Input.numeric(), PairsPartial::correlation)
                    .by(Input.numeric())));

    private Aggregates() {}

    private static Aggregate ranked(String name, String meaning, Ranking ranking) {
        return Aggregate.of(name, meaning, REQUIRED_ANY, RankedPartial.binder(ranking))
                .with(RankedPartial.K);
    }

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
