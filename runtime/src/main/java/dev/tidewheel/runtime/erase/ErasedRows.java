package dev.tidewheel.runtime.erase;

import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.List;

/** Knows the rows of erased entities in one source. Not thread-safe. */
public final class ErasedRows {
    private final RowSchema schema;
    private final List<ErasedColumns> erased;
    private final List<int[]> slots = new ArrayList<>();

    /** @throws IllegalArgumentException if an erasure names a column of doubles, which is no key */
    ErasedRows(List<ErasedColumns> erased, RowSchema schema) {
        this.schema = schema;
        this.erased = List.copyOf(erased);
        erased.forEach(group ->
                slots.add(group.columns().stream().mapToInt(schema::slot).toArray()));
    }

    /** Whether no row can be theirs. */
    public boolean isEmpty() {
        return erased.isEmpty();
    }

    /** Whether a row is that of an erased entity. One that lacks a key column is nobody's. */
    public boolean cover(Row row) {
        for (int group = 0; group < erased.size(); group++) {
            List<String> values = values(row, slots.get(group));
            if (!values.isEmpty() && erased.get(group).covers(values)) {
                return true;
            }
        }
        return false;
    }

    private List<String> values(Row row, int[] columns) {
        List<String> values = new ArrayList<>(columns.length);
        for (int slot : columns) {
            if (row.isNull(slot)) {
                return List.of();
            }
            values.add(EntityKeys.text(row, slot, schema.column(slot).type()));
        }
        return values;
    }
}
