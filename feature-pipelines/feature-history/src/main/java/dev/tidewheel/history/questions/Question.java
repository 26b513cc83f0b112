package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.Row;
import java.util.List;
import java.util.Objects;

/**
 * One question with all that its row needs.
 *
 * @param t the moment asked, epoch milliseconds
 * @param entities the values of the service's entities, in the service's order
 * @param request what the request brings
 * @param head the values of {@link Questions#head()}
 * @param label what turned out to be true: one column, or none where the questions have no label
 */
public record Question(long t, List<String> entities, Row request, Row head, Row label) {
    public Question {
        entities = List.copyOf(entities);
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(label, "label");
    }
}
