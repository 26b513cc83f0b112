package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.Yaml.Sequence;
import dev.tidewheel.feature.aggregate.Aggregate;
import dev.tidewheel.feature.aggregate.Aggregates;
import dev.tidewheel.feature.aggregate.Parameter;
import dev.tidewheel.feature.aggregate.Parameters;
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
    private static final String BUCKET = "bucket";
    private static final List<String> INPUTS = List.of("of", "by", BUCKET);

    private final Problems problems;
    private final WindowReader windows;

    FeatureBinder(Problems problems) {
        this.problems = problems;
        this.windows = new WindowReader(problems);
    }

    /** The features' names, as far as they can be read. */
    List<String> names(Fields spec) {
        List<String> names = new ArrayList<>();
        for (Fields feature : spec.structs("features")) {
            feature.nodes("windows").forEach(window -> names.add(name(feature, window)));
        }
        return names;
    }

    private static String name(Fields feature, Yaml window) {
        return feature.text("name") + WindowReader.suffix(window);
    }

    List<FeatureSpec> bind(Fields spec, Columns columns, FeatureFit fit) {
        List<FeatureSpec> features = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields feature : spec.structs("features")) {
            boolean understood = expressions(feature, columns) & aggregate(feature);
            windows.check(feature);
            Set<String> faults = new HashSet<>();
            for (Yaml window : feature.nodes("windows")) {
                taken(feature, window, names);
                Optional<Window> looksBack = windows.read(feature, window);
                if (looksBack.isPresent()) {
                    FeatureSpec bound = feature(feature, name(feature, window), looksBack.get());
                    features.add(bound);
                    if (understood) {
                        fit.fault(bound).filter(faults::add).ifPresent(fault -> unfit(feature, window, fault));
                    }
                }
            }
        }
        return features;
    }

    private void taken(Fields feature, Yaml window, Set<String> names) {
        String name = name(feature, window);
        if (!names.add(name)) {
            problems.add(
                    window.place(),
                    ProblemCode.DUPLICATE_NAME,
                    "the view has a feature '" + name + "' already; rename one of them, or take the window out");
        }
    }

    private static FeatureSpec feature(Fields feature, String name, Window window) {
        return new FeatureSpec(
                name,
                feature.text("aggregate"),
                parameters(feature),
                feature.maybe("of").map(Scalar::text),
                feature.maybe("by").map(Scalar::text),
                feature.maybe("bucket").map(Scalar::text),
                feature.maybe("where").map(Scalar::text),
                window);
    }

    /** Whether all of them compile. */
    private boolean expressions(Fields feature, Columns columns) {
        boolean compile = true;
        for (String input : INPUTS) {
            Optional<Scalar> text = feature.maybe(input);
            Optional<Expression> expression = text.flatMap(written -> columns.expression(written, problems));
            compile &= text.isPresent() == expression.isPresent();
            if (input.equals(BUCKET) && expression.isPresent()) {
                compile &= isCategory(text.orElseThrow(), expression.get().type());
            }
        }
        Optional<Scalar> where = feature.maybe("where");
        return compile
                & (where.isEmpty()
                        || columns.expression(where.get(), ColumnType.BOOL, problems)
                                .isPresent());
    }

    /** Numbers with fractions name no categories: two that look alike may differ. */
    private boolean isCategory(Scalar bucket, ColumnType type) {
        if (type != ColumnType.FLOAT64 && type != ColumnType.JSON) {
            return true;
        }
        problems.add(
                bucket.place(),
                ProblemCode.EXPRESSION_TYPE,
                "a 'bucket' cannot be " + Columns.word(type)
                        + "; write int(…), or an expression that names categories");
        return false;
    }

    /** Whether there is such an aggregate, with such parameters. */
    private boolean aggregate(Fields feature) {
        Scalar name = feature.scalar("aggregate");
        List<String> known = Aggregates.all().stream().map(Aggregate::name).toList();
        if (known.contains(name.text())) {
            return parametersExist(feature, Aggregates.byName(name.text()));
        }
        problems.add(
                name.place(),
                ProblemCode.AGGREGATE,
                "there is no aggregate '" + name.text() + "'" + Spelling.hint(name.text(), known));
        return false;
    }

    private boolean parametersExist(Fields feature, Aggregate aggregate) {
        boolean byCategory = feature.maybe("bucket").isPresent();
        List<String> known =
                aggregate.parameters(byCategory).stream().map(Parameter::name).toList();
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

    private void unfit(Fields feature, Yaml window, String reason) {
        boolean remedied = reason.contains("write") || reason.contains("take ");
        String message = remedied ? reason : reason + "; write what fits";
        problems.add(culprit(feature, window, message), ProblemCode.AGGREGATE, message);
    }

    /** What the message is about: a parameter, the second input, the category, the window; else the input, or the aggregate. */
    private static Place culprit(Fields feature, Yaml window, String message) {
        for (Entry parameter : feature.entries("parameters")) {
            if (message.startsWith(parameter.key().text() + " ")) {
                return parameter.value().place();
            }
        }
        Place aggregate = feature.scalar("aggregate").place();
        for (String input : List.of(BUCKET, "by")) {
            if (message.contains("'" + input)) {
                return feature.maybe(input).map(Scalar::place).orElse(aggregate);
            }
        }
        if (message.contains("window") || message.contains("lifetime")) {
            return window.place();
        }
        return feature.maybe("of").map(Scalar::place).orElse(aggregate);
    }

    private static Parameters parameters(Fields feature) {
        Map<String, List<Double>> parameters = new TreeMap<>();
        for (Entry entry : feature.entries("parameters")) {
            List<Yaml> written = entry.value() instanceof Sequence list ? list.items() : List.of(entry.value());
            parameters.put(
                    entry.key().text(),
                    written.stream()
                            .map(number ->
                                    Scalars.number(((Scalar) number).text()).orElseThrow())
                            .toList());
        }
        return new Parameters(parameters);
    }
}
