package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundService;
import dev.tidewheel.definitions.Bound.BoundView;
import dev.tidewheel.definitions.FeatureService.ViewUse;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.expression.Spelling;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.OnDemand;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From a document to a {@link FeatureService} and its plan. */
final class ServiceBinder {
    private final Scope scope;
    private final Problems problems;

    ServiceBinder(Scope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    BoundService bind(Draft draft) {
        int before = problems.count();
        Fields spec = draft.spec();
        Set<String> entities = entities(spec);
        List<Column> request = request(spec, entities);
        List<ViewUse> uses = new ArrayList<>();
        List<ViewRead> reads = new ArrayList<>();
        Set<String> views = new HashSet<>();
        boolean allPlanned = true;
        for (Fields view : spec.structs("views")) {
            ViewUse use = use(view);
            uses.add(use);
            if (!views.add(use.view())) {
                problems.add(
                        view.scalar("view").place(),
                        ProblemCode.DUPLICATE_NAME,
                        "the service reads '" + use.view() + "' already; list all its features there");
            }
            Optional<BoundView> bound = scope.find(Kind.FEATURE_VIEW, scope.views, view.scalar("view"), problems);
            bound.ifPresent(known -> check(view, use, known, entities));
            Optional<ViewPlan> plan = bound.flatMap(BoundView::plan);
            allPlanned &= plan.isPresent();
            plan.ifPresent(planned -> reads.add(read(planned, use)));
        }
        boolean readable = allPlanned && problems.count() == before;
        List<OnDemand> onDemand = onDemand(spec, request, readable ? reads : List.of(), readable);
        RowSchema requestSchema = new RowSchema(request);
        FeatureService service = new FeatureService(draft.name(), List.copyOf(entities), requestSchema, uses, onDemand);
        boolean compiles = readable && draft.whole() && problems.count() == before;
        return new BoundService(
                service,
                compiles
                        ? Optional.of(ServicePlan.compile(draft.name(), requestSchema, reads, onDemand))
                        : Optional.empty());
    }

    private Set<String> entities(Fields spec) {
        Set<String> entities = new LinkedHashSet<>();
        for (Scalar name : spec.scalars("entities")) {
            if (!entities.add(name.text())) {
                problems.add(
                        name.place(),
                        ProblemCode.DUPLICATE_NAME,
                        "the entity '" + name.text() + "' is listed twice; list it once");
            }
        }
        return entities;
    }

    private List<Column> request(Fields spec, Set<String> entities) {
        List<Column> request = new ArrayList<>();
        Set<String> taken = new HashSet<>(entities);
        for (Fields column : spec.structs("request")) {
            Scalar name = column.scalar("name");
            if (taken.add(name.text())) {
                request.add(new Column(
                        name.text(), ColumnType.valueOf(column.text("type").toUpperCase(Locale.ROOT))));
            } else {
                problems.add(
                        name.place(),
                        ProblemCode.DUPLICATE_NAME,
                        "the request has '" + name.text() + "' already; choose another name");
            }
        }
        return request;
    }

    private static ViewUse use(Fields view) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (Entry entry : view.entries("keys")) {
            keys.put(entry.key().text(), ((Scalar) entry.value()).text());
        }
        List<String> features =
                view.scalars("features").stream().map(Scalar::text).toList();
        return new ViewUse(view.text("view"), features, keys);
    }

    private void check(Fields view, ViewUse use, BoundView bound, Set<String> entities) {
        Set<String> seen = new HashSet<>();
        for (Scalar feature : view.scalars("features")) {
            if (!bound.features().contains(feature.text())) {
                // A feature that a broken view lacks may be the very one that is broken.
                if (bound.plan().isPresent()) {
                    problems.add(
                            feature.place(),
                            ProblemCode.UNKNOWN_FEATURE,
                            "the view '" + use.view() + "' has no feature '" + feature.text() + "'"
                                    + Spelling.hint(feature.text(), bound.features()));
                }
            } else if (!seen.add(feature.text())) {
                problems.add(
                        feature.place(),
                        ProblemCode.DUPLICATE_NAME,
                        "the feature '" + feature.text() + "' is listed twice; list it once");
            }
        }
        bound.definition().ifPresent(definition -> keys(view, use, definition, entities));
    }

    private void keys(Fields view, ViewUse use, FeatureView definition, Set<String> entities) {
        List<String> columns = definition.spec().entity();
        for (Entry entry : view.entries("keys")) {
            if (!columns.contains(entry.key().text())) {
                problems.add(
                        entry.key().place(),
                        ProblemCode.UNKNOWN_COLUMN,
                        "the view '" + use.view() + "' has no entity column "
                                + entry.key().what() + Spelling.hint(entry.key().text(), columns));
            }
        }
        for (String column : columns) {
            String entity = use.keys().getOrDefault(column, column);
            if (!entities.contains(entity)) {
                problems.add(
                        view.scalar("view").place(),
                        ProblemCode.UNKNOWN_COLUMN,
                        "the view's key '" + column + "' would be filled from the entity '" + entity
                                + "', which the service does not" + " have; add it to 'entities', or write keys: {"
                                + column + ": <entity>}");
            }
        }
    }

    private static ViewRead read(ViewPlan plan, ViewUse use) {
        int[] slots = use.features().stream().mapToInt(plan.features()::slot).toArray();
        List<String> keys = plan.spec().entity().stream()
                .map(column -> use.keys().getOrDefault(column, column))
                .toList();
        return new ViewRead(plan, slots, keys);
    }

    /** Expressions are checked only where all features that they may name are known. */
    private List<OnDemand> onDemand(Fields spec, List<Column> request, List<ViewRead> reads, boolean readable) {
        Columns columns = readable ? vector(request, reads) : Columns.of(new RowSchema(request));
        List<OnDemand> onDemand = new ArrayList<>();
        for (Fields computed : spec.structs("onDemand")) {
            Scalar name = computed.scalar("name");
            Scalar text = computed.scalar("expression");
            if (columns.schema().slot(name.text()) >= 0) {
                problems.add(
                        name.place(),
                        ProblemCode.DUPLICATE_NAME,
                        "the vector has a column '" + name.text() + "' already; choose another name");
                continue;
            }
            onDemand.add(new OnDemand(name.text(), text.text()));
            Optional<Expression> expression = readable ? columns.expression(text, problems) : Optional.empty();
            if (expression.isPresent()) {
                columns = columns.with(new Column(name.text(), expression.get().type()));
            }
        }
        return onDemand;
    }

    /** What an on-demand expression may name, and why it may not name the other features. */
    private static Columns vector(List<Column> request, List<ViewRead> reads) {
        RowSchema selected = ServicePlan.compile("", new RowSchema(request), reads, List.of())
                .columns();
        Map<String, String> leftOut = new HashMap<>();
        for (ViewRead read : reads) {
            String view = read.view().spec().name();
            for (Column feature : read.view().features().columns()) {
                if (selected.slot(view + "." + feature.name()) < 0) {
                    leftOut.put(
                            view + "." + feature.name(),
                            "the service does not read it; add '" + feature.name() + "' to the features of '" + view
                                    + "'");
                }
            }
        }
        return new Columns(selected, leftOut);
    }
}
