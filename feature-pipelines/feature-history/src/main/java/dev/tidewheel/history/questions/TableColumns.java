package dev.tidewheel.history.questions;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the columns of a table of questions mean; a column that is named nowhere is handed through.
 *
 * @param at the moment asked: a timestamp, or integers of epoch milliseconds
 * @param id what tells questions apart; empty where a file's row numbers do
 * @param entities for each of the service's entities that stands in a column of another name, that column
 * @param label what turned out to be true, if the table says so itself
 * @param labelKnown when its label could first be known; empty where nobody says
 */
public record TableColumns(
        String at,
        Optional<String> id,
        Map<String, String> entities,
        Optional<String> label,
        Optional<String> labelKnown) {
    public TableColumns {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(id, "id");
        entities = new TreeMap<>(entities);
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(labelKnown, "labelKnown");
    }

    /** The column of one of the service's entities. */
    public String entity(String name) {
        return entities.getOrDefault(name, name);
    }
}
