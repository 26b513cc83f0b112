package dev.tidewheel.history.training;

import java.util.List;
import java.util.Objects;

/**
 * Where training rows come from: every event of a source is one question.
 *
 * @param at the column with the moment asked
 * @param request what the request brings, computed from the event
 * @param label what turned out to be true, computed from the event
 */
public record QuestionSpec(String at, List<Computed> request, Computed label) {
    public QuestionSpec {
        Objects.requireNonNull(at, "at");
        request = List.copyOf(request);
        Objects.requireNonNull(label, "label");
    }

    /** A named CEL expression over the event's columns. */
    public record Computed(String name, String expression) {
        public Computed {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(expression, "expression");
        }
    }
}
