package dev.tidewheel.feature.row;

import java.util.Objects;

/**
 * A named, typed slot of a row.
 *
 * @param name as users write it
 * @param type what the slot holds
 */
public record Column(String name, ColumnType type) {
    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }
}
