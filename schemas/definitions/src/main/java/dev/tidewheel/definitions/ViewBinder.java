package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.Bound.BoundView;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.view.ViewSpec.DerivedColumn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From a document to a {@link FeatureView} and its plan. */
final class ViewBinder {
    private static final Duration HEAD_SPAN = Duration.ofSeconds(10);
    private static final int HEAD_ENTRIES = 64;
    private static final int MOST_HEAD_ENTRIES = 10_000;
    private static final String NOTHING_COMPUTED =
            "'FeatureView.spec' needs the key 'features' or 'lookup'; write 'features: <list of mappings>', what is computed,"
                    + " or 'lookup: {columns: [...]}', what is looked up";

    private final Scope scope;
    private final Problems problems;

    ViewBinder(Scope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** What can be said about a view; its features' names at least. */
    BoundView bind(Draft draft) {
        int before = problems.count();
        Optional<BoundSource> source = source(draft);
        FeatureBinder features = new FeatureBinder(problems);
        List<String> names = new ArrayList<>(features.names(draft.spec()));
        names.addAll(LookupBinder.names(draft.spec()));
        if (source.isEmpty()) {
            return new BoundView(Optional.empty(), names, Optional.empty());
        }
        entity(draft.spec(), source.get().columns());
        List<DerivedColumn> derived = new ArrayList<>();
        Columns columns = derive(draft.spec(), source.get().columns(), derived);
        RowSchema schema = columns.schema();
        draft.spec().maybe("where").ifPresent(where -> columns.expression(where, ColumnType.BOOL, problems));
        FeatureFit fit = new FeatureFit(
                source.get().columns().schema(),
                derived.stream()
                        .filter(column -> schema.slot(column.name()) >= 0)
                        .toList());
        List<FeatureSpec> specs = features.bind(draft.spec(), columns, fit);
        specs.addAll(new LookupBinder(problems).bind(draft.spec(), columns, features.names(draft.spec())));
        if (draft.whole() && names.isEmpty()) {
            problems.add(draft.spec().place(), ProblemCode.MISSING_KEY, NOTHING_COMPUTED);
        }
        int headEntries = headEntries(draft.spec());
        ViewSpec spec = spec(draft, source.get().source(), derived, specs, headEntries);
        Optional<ViewPlan> plan =
                draft.whole() && problems.count() == before ? compile(draft, spec, source.get()) : Optional.empty();
        List<ViewTest> tests =
                new TestBinder(scope.origin(source.get()), source.get().columns(), spec, plan, problems).bind(draft);
        return new BoundView(Optional.of(new FeatureView(source.get().source().name(), spec, tests)), names, plan);
    }

    /** What the view reads: a source, or the changelog of a view, which was made before. */
    private Optional<BoundSource> source(Draft draft) {
        Fields spec = draft.spec();
        Optional<Scalar> source = spec.maybe("source");
        Optional<Scalar> view = spec.maybe("view");
        if (source.isPresent() && view.isPresent()) {
            problems.add(
                    view.get().place(),
                    ProblemCode.BAD_VALUE,
                    "a view reads a source or a view, not both; delete one of the two keys");
            return Optional.empty();
        }
        if (view.isPresent()) {
            return scope.find(Kind.FEATURE_VIEW, scope.views, view.get(), problems)
                    .flatMap(read -> Optional.ofNullable(
                            scope.sources.get(ChangelogSources.name(view.get().text()))));
        }
        if (source.isEmpty() && draft.whole()) {
            problems.add(
                    spec.place(),
                    ProblemCode.MISSING_KEY,
                    "'FeatureView.spec' needs the key 'source', or 'view'; write the name of what it reads");
        }
        return source.flatMap(name -> scope.find(Kind.SOURCE, scope.sources, name, problems));
    }

    private void entity(Fields spec, Columns columns) {
        Set<String> seen = new HashSet<>();
        for (Scalar name : spec.scalars("entity")) {
            columns.slot(name, problems, ColumnType.STRING, ColumnType.INT64);
            if (!seen.add(name.text())) {
                problems.add(
                        name.place(),
                        ProblemCode.DUPLICATE_NAME,
                        "the entity names '" + name.text() + "' twice; name it once");
            }
        }
    }

    private Columns derive(Fields spec, Columns source, List<DerivedColumn> derived) {
        Columns columns = source;
        for (Fields column : spec.structs("columns")) {
            Scalar name = column.scalar("name");
            Scalar text = column.scalar("expression");
            if (columns.schema().slot(name.text()) >= 0) {
                problems.add(
                        name.place(),
                        ProblemCode.DUPLICATE_NAME,
                        "a column '" + name.text() + "' exists already; choose another name");
                continue;
            }
            Optional<Expression> expression = columns.expression(text, problems);
            derived.add(new DerivedColumn(name.text(), text.text()));
            if (expression.isPresent()) {
                columns = columns.with(new Column(name.text(), expression.get().type()));
            }
        }
        return columns;
    }

    private int headEntries(Fields spec) {
        Optional<Scalar> written = spec.maybe("headEntries");
        long entries =
                written.map(text -> Scalars.integer(text.text()).orElseThrow()).orElse((long) HEAD_ENTRIES);
        if (entries < 1 || entries > MOST_HEAD_ENTRIES) {
            problems.add(
                    written.orElseThrow().place(),
                    ProblemCode.BAD_VALUE,
                    "'headEntries' cannot be " + entries + "; write a number from 1 to " + MOST_HEAD_ENTRIES);
            return HEAD_ENTRIES;
        }
        return (int) entries;
    }

    private static ViewSpec spec(
            Draft draft, Source source, List<DerivedColumn> derived, List<FeatureSpec> features, int headEntries) {
        Fields spec = draft.spec();
        return new ViewSpec(
                draft.name(),
                spec.scalars("entity").stream().map(Scalar::text).toList(),
                spec.maybe("where").map(Scalar::text),
                derived,
                features,
                source.horizon().toMillis(),
                source.futureLimit().toMillis(),
                spec.maybe("headSpan")
                        .map(SourceBinder::duration)
                        .orElse(HEAD_SPAN)
                        .toMillis(),
                headEntries);
    }

    private Optional<ViewPlan> compile(Draft draft, ViewSpec spec, BoundSource source) {
        try {
            return Optional.of(ViewPlan.compile(spec, source.columns().schema()));
        } catch (IllegalArgumentException wrong) {
            problems.add(draft.namePlace(), ProblemCode.BAD_VALUE, String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }
}
