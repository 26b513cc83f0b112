package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundService;
import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.Model.Computed;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.expression.Spelling;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From a document to a {@link Model} and its plan. */
final class ModelBinder {
    private final Scope scope;
    private final Problems problems;

    ModelBinder(Scope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** Empty if anything is wrong. */
    Optional<ModelPlan> bind(Draft draft) {
        int before = problems.count();
        Fields spec = draft.spec();
        Fields questions = spec.fields("questions");
        Optional<BoundService> service =
                scope.find(Kind.FEATURE_SERVICE, scope.services, spec.scalar("service"), problems);
        Optional<BoundSource> source = scope.find(Kind.SOURCE, scope.sources, questions.scalar("source"), problems);
        training(spec.fields("training"));
        if (source.isEmpty()) {
            return Optional.empty();
        }
        if (source.get().source().isOfChanges()) {
            problems.add(
                    questions.scalar("source").place(),
                    ProblemCode.REQUEST,
                    "source '" + source.get().source().name()
                            + "' tells of rows that change, and a question is an event; name a source of events");
        }
        Columns columns = source.get().columns();
        int at = columns.slot(questions.scalar("at"), problems, ColumnType.TIMESTAMP);
        Map<String, Expression> requests = requests(questions, columns);
        Optional<Expression> label =
                columns.expression(spec.fields("label").scalar("expression"), ColumnType.BOOL, problems);
        if (service.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> entitySlots = entities(questions, service.get().definition(), columns);
        List<Expression> ordered = match(questions, service.get().definition(), requests);
        boolean right = draft.whole() && problems.count() == before && label.isPresent();
        return right
                ? service.get()
                        .plan()
                        .map(plan -> new ModelPlan(
                                model(draft),
                                source.get().source(),
                                plan,
                                ordered,
                                at,
                                entitySlots,
                                service.get().definition().entities(),
                                label.get()))
                : Optional.empty();
    }

    private void training(Fields training) {
        Instant from = instant(training, "from");
        if (!from.isBefore(instant(training, "to"))) {
            problems.add(
                    training.scalar("to").place(),
                    ProblemCode.BAD_VALUE,
                    "training ends before it begins; write a 'to' after " + from);
        }
    }

    private static Instant instant(Fields fields, String key) {
        return Scalars.instant(fields.text(key)).orElseThrow();
    }

    private Map<String, Expression> requests(Fields questions, Columns columns) {
        Map<String, Expression> requests = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Fields request : questions.structs("request")) {
            Scalar name = request.scalar("name");
            if (!seen.add(name.text())) {
                problems.add(
                        name.place(),
                        ProblemCode.DUPLICATE_NAME,
                        "the request column '" + name.text() + "' is filled twice; keep one");
            }
            columns.expression(request.scalar("expression"), problems)
                    .ifPresent(expression -> requests.put(name.text(), expression));
        }
        return requests;
    }

    /** One expression per request column of the service, of its type. */
    private List<Expression> match(Fields questions, FeatureService service, Map<String, Expression> requests) {
        List<Expression> ordered = new ArrayList<>();
        List<String> wanted =
                service.request().columns().stream().map(Column::name).toList();
        for (Fields request : questions.structs("request")) {
            Scalar name = request.scalar("name");
            int slot = service.request().slot(name.text());
            Expression expression = requests.get(name.text());
            if (slot < 0) {
                problems.add(
                        name.place(),
                        ProblemCode.REQUEST,
                        "the service '" + service.name() + "' has no request column '" + name.text() + "'"
                                + Spelling.hint(name.text(), wanted));
            } else if (expression != null
                    && expression.type() != service.request().column(slot).type()) {
                problems.add(
                        request.scalar("expression").place(),
                        ProblemCode.EXPRESSION_TYPE,
                        "the expression is " + Columns.word(expression.type()) + ", but the service's request column '"
                                + name.text() + "' is "
                                + Columns.word(service.request().column(slot).type())
                                + "; convert it, or change the column's type");
            }
        }
        for (String column : wanted) {
            Expression expression = requests.get(column);
            if (expression != null) {
                ordered.add(expression);
            } else if (questions.structs("request").stream()
                    .noneMatch(request -> request.text("name").equals(column))) {
                problems.add(
                        questions.place(),
                        ProblemCode.REQUEST,
                        "nothing fills the service's request column '" + column + "'; add {name: " + column
                                + ", expression: …} to 'request'");
            }
        }
        return ordered;
    }

    private List<Integer> entities(Fields questions, FeatureService service, Columns columns) {
        Map<String, Scalar> renamed = new HashMap<>();
        for (Entry entry : questions.entries("entities")) {
            renamed.put(entry.key().text(), (Scalar) entry.value());
            if (!service.entities().contains(entry.key().text())) {
                problems.add(
                        entry.key().place(),
                        ProblemCode.REQUEST,
                        "the service '" + service.name() + "' has no entity "
                                + entry.key().what() + Spelling.hint(entry.key().text(), service.entities()));
            }
        }
        List<Integer> slots = new ArrayList<>();
        for (String entity : service.entities()) {
            Scalar column = renamed.get(entity);
            if (column == null && columns.schema().slot(entity) < 0) {
                problems.add(
                        questions.scalar("source").place(),
                        ProblemCode.REQUEST,
                        "the source has no column '" + entity + "' for the service's entity; write entities: {" + entity
                                + ": <column>}");
                continue;
            }
            Scalar name = column == null ? at(questions, entity) : column;
            slots.add(columns.slot(name, problems, ColumnType.STRING, ColumnType.INT64));
        }
        return slots;
    }

    /** An entity that is filled from the column of its own name is blamed on the source. */
    private static Scalar at(Fields questions, String entity) {
        Scalar source = questions.scalar("source");
        return new Scalar(entity, source.style(), source.raw(), source.place());
    }

    private static Model model(Draft draft) {
        Fields spec = draft.spec();
        Fields questions = spec.fields("questions");
        Map<String, String> entities = new HashMap<>();
        questions
                .entries("entities")
                .forEach(entry -> entities.put(entry.key().text(), ((Scalar) entry.value()).text()));
        return new Model(
                draft.name(),
                spec.text("service"),
                questions.text("source"),
                questions.text("at"),
                questions.structs("request").stream().map(ModelBinder::computed).toList(),
                entities,
                computed(spec.fields("label")),
                instant(spec.fields("training"), "from"),
                instant(spec.fields("training"), "to"));
    }

    private static Computed computed(Fields fields) {
        return new Computed(fields.text("name"), fields.text("expression"));
    }
}
