package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is asked, what is predicted, and what is learnt from.
 *
 * @param name its name
 * @param service the feature service's name
 * @param source the source whose events are the questions
 * @param at the column that says when a question is asked
 * @param request how an event fills the service's request columns
 * @param entities for each of the service's entities that is filled from a column of another name, that column
 * @param label what is predicted
 * @param from the first moment of a question to learn from
 * @param to after the last
 */
public record Model(
        String name,
        String service,
        String source,
        String at,
        List<Computed> request,
        Map<String, String> entities,
        Computed label,
        Instant from,
        Instant to)
        implements Definition {
    public Model {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(at, "at");
        request = List.copyOf(request);
        entities = Map.copyOf(entities);
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
    }

    /** A named expression over the source's columns. */
    public record Computed(String name, String expression) {
        public Computed {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(expression, "expression");
        }
    }

    @Override
    public Kind kind() {
        return Kind.MODEL;
    }
}
