package dev.tidewheel.history.training;

import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.training.QuestionSpec.Computed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The questions of a training set, compiled over the columns of the source that they come from. An event is a question
 * whether or not any view counts it: somebody asked. Immutable and thread-safe.
 */
final class Questions {
    private final ChangeHistory history;
    private final int at;
    private final List<Expression> request;
    private final Expression label;
    private final Map<String, Integer> entities;

    Questions(ChangeHistory history, QuestionSpec spec, ServicePlan service) {
        RowSchema schema = history.columns().schema();
        this.history = history;
        this.at = slot(schema, spec.at(), "the moment asked");
        this.request = compile(spec.request(), service.request(), schema);
        this.label = compileLabel(spec.label(), schema);
        this.entities = entities(schema, service);
    }

    /** The names of the service's entities, in the order in which its views first use them. */
    List<String> entities() {
        return List.copyOf(entities.keySet());
    }

    /** All questions with t in [from, to) as numbers of the history, in the order of (t, event id). */
    List<Integer> select(long from, long to, Skipped skipped) {
        List<Integer> selected = new ArrayList<>();
        Set<Object> ids = new HashSet<>();
        for (int change = 0; change < history.size(); change++) {
            Row event = history.row(change);
            if (!event.isNull(at) && event.getLong(at) >= from && event.getLong(at) < to) {
                boolean repeated = history.sharesId(change) && !ids.add(history.id(change));
                if (skipped.keep(repeated, isComplete(event), label(event).isPresent())) {
                    selected.add(change);
                }
            }
        }
        Comparator<Integer> byTime = Comparator.comparingLong(change -> t(history.row(change)));
        selected.sort(byTime.thenComparing(history::id));
        return selected;
    }

    long t(Row event) {
        return event.getLong(at);
    }

    /** What the request would have brought. */
    Row request(Row event) {
        Row row = new Row(request.size());
        for (int slot = 0; slot < request.size(); slot++) {
            request.get(slot).evaluate(event, row, slot);
        }
        return row;
    }

    /** What turned out to be true; empty if it is null or cannot be computed. */
    OptionalDouble label(Row event) {
        Row value = new Row(1);
        if (label.evaluate(event, value, 0) != Status.OK) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(label.type() == ColumnType.FLOAT64 ? value.getDouble(0) : value.getLong(0));
    }

    /** The value of one entity. */
    String entity(Row event, String name) {
        int slot = Objects.requireNonNull(entities.get(name), name);
        return EntityKeys.text(
                event, slot, history.columns().schema().column(slot).type());
    }

    /** The key under which a view of the service is read. */
    String key(Row event, ViewRead read) {
        return EntityKeys.join(
                read.keys().stream().map(name -> entity(event, name)).toList());
    }

    private boolean isComplete(Row event) {
        return entities.values().stream().noneMatch(event::isNull);
    }

    private static List<Expression> compile(List<Computed> given, RowSchema wanted, RowSchema event) {
        List<Expression> compiled = new ArrayList<>();
        for (int slot = 0; slot < wanted.size(); slot++) {
            String name = wanted.column(slot).name();
            Computed computed = given.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the service's request column '" + name + "' is not computed by the model's questions"));
            Expression expression = Expression.compile(computed.expression(), event);
            requireType(name, wanted.column(slot).type(), expression.type());
            compiled.add(expression);
        }
        return compiled;
    }

    private static Expression compileLabel(Computed spec, RowSchema event) {
        Expression compiled = Expression.compile(spec.expression(), event);
        if (compiled.type() == ColumnType.STRING) {
            throw new IllegalArgumentException(
                    "label '" + spec.name() + "' is a STRING: write a number or a truth value, such as x == 'yes'");
        }
        return compiled;
    }

    private static void requireType(String name, ColumnType wanted, ColumnType given) {
        if (wanted != given) {
            throw new IllegalArgumentException("the service's request column '" + name + "' is " + wanted
                    + ", but the model's questions compute a " + given);
        }
    }

    private static Map<String, Integer> entities(RowSchema schema, ServicePlan service) {
        Map<String, Integer> slots = new LinkedHashMap<>();
        for (ViewRead read : service.reads()) {
            for (String name : read.keys()) {
                int slot = slot(schema, name, "an entity");
                if (schema.column(slot).type() != ColumnType.STRING
                        && schema.column(slot).type() != ColumnType.INT64) {
                    throw new IllegalArgumentException("entity '" + name + "' is "
                            + schema.column(slot).type() + ": an entity is a STRING or an INT64");
                }
                slots.put(name, slot);
            }
        }
        return slots;
    }

    private static int slot(RowSchema schema, String name, String role) {
        int slot = schema.slot(name);
        if (slot < 0) {
            throw new IllegalArgumentException(
                    "the questions' source has no column '" + name + "' for " + role + ": it has " + schema);
        }
        return slot;
    }
}
