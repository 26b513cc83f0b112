package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import java.util.Objects;

/** One column of a training set. */
public record ColumnOf(String name, ColumnType type, Role role) {
    public ColumnOf {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(role, "role");
    }

    /** Its name and type. */
    public Column column() {
        return new Column(name, type);
    }
}
