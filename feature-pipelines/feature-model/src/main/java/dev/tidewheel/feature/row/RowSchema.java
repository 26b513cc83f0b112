package dev.tidewheel.feature.row;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ordered columns of a {@link Row}: names to slots. Immutable. */
public final class RowSchema {
    private final List<Column> columns;
    private final Map<String, Integer> slots = new HashMap<>();

    /**
     * @param columns in slot order
     * @throws IllegalArgumentException if a name occurs twice
     */
    public RowSchema(List<Column> columns) {
        this.columns = List.copyOf(columns);
        for (int slot = 0; slot < this.columns.size(); slot++) {
            String name = this.columns.get(slot).name();
            if (slots.put(name, slot) != null) {
                throw new IllegalArgumentException("column '" + name + "' occurs twice");
            }
        }
    }

    /** The columns in slot order. */
    public List<Column> columns() {
        return columns;
    }

    /** How many columns there are. */
    public int size() {
        return columns.size();
    }

    /** The column in a slot. */
    public Column column(int slot) {
        return columns.get(slot);
    }

    /** The slot of a name, or −1. */
    public int slot(String name) {
        return slots.getOrDefault(name, -1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowSchema that && columns.equals(that.columns);
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    @Override
    public String toString() {
        return columns.toString();
    }
}
