package dev.tidewheel.definitions;

import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A model's questions and label, compiled over the rows of its source. Immutable and thread-safe.
 *
 * @param model the definition
 * @param source where the questions come from
 * @param service what is asked with
 * @param requests one expression per column of {@link ServicePlan#request()}, in that order
 * @param atSlot the source's column that says when a question is asked
 * @param entitySlots the source's column for each of the service's entities, in {@code entities} order
 * @param entities the service's entities
 * @param label over the source's columns; a bool
 */
public record ModelPlan(
        Model model,
        Source source,
        ServicePlan service,
        List<Expression> requests,
        int atSlot,
        List<Integer> entitySlots,
        List<String> entities,
        Expression label) {
    public ModelPlan {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(service, "service");
        requests = List.copyOf(requests);
        entitySlots = List.copyOf(entitySlots);
        entities = List.copyOf(entities);
        Objects.requireNonNull(label, "label");
    }

    /** When an event's question is asked; empty if the event does not say. */
    public Optional<Long> at(Row event) {
        return event.isNull(atSlot) ? Optional.empty() : Optional.of(event.getLong(atSlot));
    }

    /** The texts of the service's entities for an event, in {@link #entities()} order; empty if one is null. */
    public Optional<List<String>> keys(Row event) {
        List<String> keys = new ArrayList<>();
        for (int slot : entitySlots) {
            if (event.isNull(slot)) {
                return Optional.empty();
            }
            keys.add(text(event, slot));
        }
        return Optional.of(keys);
    }

    private String text(Row event, int slot) {
        return source.columns().column(slot).type() == ColumnType.STRING
                ? Objects.requireNonNull(event.getString(slot))
                : Long.toString(event.getLong(slot));
    }

    /** The request that an event makes; null where an expression has no value. */
    public Row request(Row event) {
        Row request = new Row(requests.size());
        for (int slot = 0; slot < requests.size(); slot++) {
            // What has no value, for whatever reason, is null to the service: a request has no statuses.
            Status ignored = requests.get(slot).evaluate(event, request, slot);
        }
        return request;
    }

    /** The truth about an event; empty if its label has no value. */
    public Optional<Boolean> label(Row event) {
        Row out = new Row(1);
        return label.evaluate(event, out, 0) == Status.OK ? Optional.of(out.getBoolean(0)) : Optional.empty();
    }
}
