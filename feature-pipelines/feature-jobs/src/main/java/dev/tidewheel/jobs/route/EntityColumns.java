package dev.tidewheel.jobs.route;

import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an entity's key from a row: integers and times in decimal, booleans as true or false, strings as they are. */
final class EntityColumns {
    private final RowSchema columns;
    private final int[] slots;

    /** @throws IllegalArgumentException if a name is not a column of the source */
    EntityColumns(RowSchema columns, List<String> names) {
        this.columns = columns;
        this.slots = names.stream().mapToInt(name -> slot(columns, name)).toArray();
    }

    private static int slot(RowSchema columns, String name) {
        int slot = columns.slot(name);
        if (slot < 0) {
            throw new IllegalArgumentException("entity column '" + name + "' is not a column of the source");
        }
        return slot;
    }

    /** The name of the first key column without a value, or null if the key is complete. */
    @Nullable
    String missing(Row row) {
        for (int slot : slots) {
            if (row.isNull(slot)) {
                return columns.column(slot).name();
            }
        }
        return null;
    }

    /** The canonical text of a complete key. */
    String key(Row row) {
        if (slots.length == 1) {
            return EntityKeys.escape(text(row, slots[0]));
        }
        List<String> texts = new ArrayList<>(slots.length);
        for (int slot : slots) {
            texts.add(text(row, slot));
        }
        return EntityKeys.join(texts);
    }

    private String text(Row row, int slot) {
        return switch (columns.column(slot).type()) {
            case STRING, JSON -> String.valueOf(row.getString(slot));
            case INT64, TIMESTAMP -> Long.toString(row.getLong(slot));
            case BOOL -> Boolean.toString(row.getBoolean(slot));
            case FLOAT64 ->
                throw new IllegalArgumentException("a double is no key: "
                        + columns.column(slot).name() + "; equal numbers can have different bits");
        };
    }
}
