package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.window.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A view's lookup: the short form of one feature {@code latest} per column, all over the same window. */
final class LookupBinder {
    private static final String AGGREGATE = "latest";
    /** Ten years: with the resolution of a day, a longer one would need too many tiles. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final Problems problems;

    LookupBinder(Problems problems) {
        this.problems = problems;
    }

    /** The features' names: those of the columns. None without a lookup. */
    static List<String> names(Fields spec) {
        return columns(spec).stream().map(Scalar::text).toList();
    }

    private static List<Scalar> columns(Fields spec) {
        return spec.struct("lookup").map(lookup -> lookup.scalars("columns")).orElse(List.of());
    }

    /**
     * The features of a lookup; none without one.
     *
     * @param columns of the source, and derived ones
     * @param others the names of the view's other features
     */
    List<FeatureSpec> bind(Fields spec, Columns columns, Collection<String> others) {
        Window window = spec.struct("lookup")
                .flatMap(lookup -> lookup.maybe("ttl"))
                .map(this::keeping)
                .orElse(new Window.Lifetime());
        List<FeatureSpec> features = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Scalar column : columns(spec)) {
            columns.slot(column, problems, ColumnType.values());
            if (!seen.add(column.text())) {
                taken(column, "the lookup has the column " + column.what() + " already; name it once");
            } else if (others.contains(column.text())) {
                taken(
                        column,
                        "the view has a feature " + column.what() + " already; rename it, or take the column out");
            }
            features.add(new FeatureSpec(
                    column.text(), AGGREGATE, Map.of(), Optional.of(column.text()), Optional.empty(), window));
        }
        return features;
    }

    private Window keeping(Scalar ttl) {
        Duration length = Scalars.duration(ttl.text()).orElseThrow();
        if (length.compareTo(LONGEST) > 0) {
            problems.add(
                    ttl.place(),
                    ProblemCode.WINDOW,
                    "a 'ttl' cannot be " + ttl.text() + "; write at most " + LONGEST.toDays()
                            + "d, or leave it out: rows then stay for ever");
            return new Window.Lifetime();
        }
        return Window.Sliding.of(length.toMillis());
    }

    private void taken(Scalar column, String message) {
        problems.add(column.place(), ProblemCode.DUPLICATE_NAME, message);
    }
}
