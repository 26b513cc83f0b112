package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.aggregate.Aggregate;
import dev.tidewheel.feature.aggregate.Aggregates;
import dev.tidewheel.feature.aggregate.Operands;
import dev.tidewheel.feature.aggregate.Parameter;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.expression.Spelling;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A view's features: one per name and window. */
final class FeatureBinder {
    private final Problems problems;

    FeatureBinder(Problems problems) {
        this.problems = problems;
    }

    /** The features' names, as far as they can be read. */
    List<String> names(Fields spec) {
        List<String> names = new ArrayList<>();
        for (Fields feature : spec.structs("features")) {
            feature.scalars("windows").forEach(window -> names.add(name(feature, window)));
        }
        return names;
    }

    /** A lifetime value has the plain name; the others carry the window as it is written. */
    private static String name(Fields feature, Scalar window) {
        boolean lifetime = Scalars.window(window.text()).orElseThrow() instanceof Window.Lifetime;
        return lifetime ? feature.text("name") : feature.text("name") + "_" + window.text();
    }

    List<FeatureSpec> bind(Fields spec, Columns columns) {
        List<FeatureSpec> features = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields feature : spec.structs("features")) {
            aggregate(feature, columns);
            feature.maybe("where").ifPresent(where -> columns.expression(where, ColumnType.BOOL, problems));
            for (Scalar window : feature.scalars("windows")) {
                String name = name(feature, window);
                if (!names.add(name)) {
                    problems.add(
                            window.place(),
                            ProblemCode.DUPLICATE_NAME,
                            "the view has a feature '" + name
                                    + "' already; rename one of them, or take the window out");
                }
                window(feature, window)
                        .ifPresent(looksBack -> features.add(new FeatureSpec(
                                name,
                                feature.text("aggregate"),
                                parameters(feature),
                                feature.maybe("of").map(Scalar::text),
                                feature.maybe("where").map(Scalar::text),
                                looksBack)));
            }
        }
        return features;
    }

    private void aggregate(Fields feature, Columns columns) {
        Optional<Expression> of = feature.maybe("of").flatMap(text -> columns.expression(text, problems));
        Scalar name = feature.scalar("aggregate");
        List<String> known = Aggregates.all().stream().map(Aggregate::name).toList();
        if (!known.contains(name.text())) {
            problems.add(
                    name.place(),
                    ProblemCode.AGGREGATE,
                    "there is no aggregate '" + name.text() + "'" + Spelling.hint(name.text(), known));
            return;
        }
        Aggregate aggregate = Aggregates.byName(name.text());
        boolean understood = parametersExist(feature, aggregate);
        boolean inputKnown = of.isPresent() || feature.maybe("of").isEmpty();
        if (understood && inputKnown) {
            fit(feature, aggregate, of.map(Expression::type));
        }
    }

    private boolean parametersExist(Fields feature, Aggregate aggregate) {
        List<String> known =
                aggregate.parameters().stream().map(Parameter::name).toList();
        boolean exist = true;
        for (Entry parameter : feature.entries("parameters")) {
            if (!known.contains(parameter.key().text())) {
                exist = false;
                problems.add(
                        parameter.key().place(),
                        ProblemCode.AGGREGATE,
                        "'" + aggregate.name() + "' has no parameter "
                                + parameter.key().what()
                                + (known.isEmpty()
                                        ? "; it takes none"
                                        : Spelling.hint(parameter.key().text(), known)));
            }
        }
        return exist;
    }

    private void fit(Fields feature, Aggregate aggregate, Optional<ColumnType> input) {
        try {
            aggregate.bind(new Operands(input, Optional.empty()), parameters(feature));
        } catch (IllegalArgumentException wrong) {
            String reason = String.valueOf(wrong.getMessage());
            String message = reason.contains("write") ? reason : reason + "; write what fits";
            problems.add(culprit(feature, message), ProblemCode.AGGREGATE, message);
        }
    }

    /** The parameter that the message is about, else the input, else the aggregate. */
    private static Place culprit(Fields feature, String message) {
        for (Entry parameter : feature.entries("parameters")) {
            if (message.startsWith(parameter.key().text() + " ")) {
                return parameter.value().place();
            }
        }
        return feature.maybe("of").orElseGet(() -> feature.scalar("aggregate")).place();
    }

    private static Map<String, Double> parameters(Fields feature) {
        Map<String, Double> parameters = new TreeMap<>();
        for (Entry entry : feature.entries("parameters")) {
            parameters.put(
                    entry.key().text(),
                    Scalars.number(((Scalar) entry.value()).text()).orElseThrow());
        }
        return parameters;
    }

    private Optional<Window> window(Fields feature, Scalar text) {
        Window window = Scalars.window(text.text()).orElseThrow();
        Optional<Scalar> resolution = feature.maybe("resolution");
        if (resolution.isEmpty() || !(window instanceof Window.Sliding sliding)) {
            return Optional.of(window);
        }
        long hop = SourceBinder.duration(resolution.get()).toMillis();
        if (hop > sliding.lengthMillis()) {
            problems.add(
                    resolution.get().place(),
                    ProblemCode.WINDOW,
                    "the resolution " + resolution.get().text() + " is longer than the window " + text.text()
                            + "; write at most the window's length");
            return Optional.empty();
        }
        return Optional.of(new Window.Sliding(sliding.lengthMillis(), hop));
    }
}
