package dev.tidewheel.history.questions;

import dev.tidewheel.history.source.RowTable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Labels that are told apart from their questions.
 *
 * @param table where they stand
 * @param on columns of both, by whose values a label finds its question
 * @param column the label
 * @param known when a label could first be known; empty where nobody says
 */
public record Labels(RowTable table, List<String> on, String column, Optional<String> known) {
    public Labels {
        Objects.requireNonNull(table, "table");
        on = List.copyOf(on);
        Objects.requireNonNull(column, "column");
        Objects.requireNonNull(known, "known");
        if (on.isEmpty()) {
            throw new IllegalArgumentException("labels find their questions by the columns of both: name at least one");
        }
    }
}
