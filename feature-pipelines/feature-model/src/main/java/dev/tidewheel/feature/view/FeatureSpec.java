package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Parameters;
import dev.tidewheel.feature.window.Window;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One feature in the terms of the mathematics.
 *
 * @param name the feature's column, such as {@code mean_delay_1h}
 * @param aggregate a name that {@code Aggregates} knows
 * @param parameters the aggregate's own, such as {@code q} of a quantile; empty for its defaults
 * @param of a CEL expression over the source's columns and the view's derived columns; empty for {@code count}
 * @param by the aggregate's second input, a CEL expression like {@code of}: what top_k orders by, what correlation sets
 *     against {@code of}; empty where the aggregate has one input
 * @param bucket a CEL expression for a category; the feature is then one value per category
 * @param where a CEL predicate; rows for which it is not true do not count
 * @param window how far back
 */
public record FeatureSpec(
        String name,
        String aggregate,
        Parameters parameters,
        Optional<String> of,
        Optional<String> by,
        Optional<String> bucket,
        Optional<String> where,
        Window window) {
    public FeatureSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(aggregate, "aggregate");
        Objects.requireNonNull(parameters, "parameters");
        Objects.requireNonNull(of, "of");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(bucket, "bucket");
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(window, "window");
    }

    /** With one input and no categories. */
    public FeatureSpec(
            String name,
            String aggregate,
            Map<String, Double> parameters,
            Optional<String> of,
            Optional<String> where,
            Window window) {
        this(name, aggregate, parameters, of, Optional.empty(), Optional.empty(), where, window);
    }

    /** With single numbers as parameters. */
    public FeatureSpec(
            String name,
            String aggregate,
            Map<String, Double> parameters,
            Optional<String> of,
            Optional<String> by,
            Optional<String> bucket,
            Optional<String> where,
            Window window) {
        this(name, aggregate, Parameters.of(parameters), of, by, bucket, where, window);
    }
}
