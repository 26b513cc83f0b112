package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.history.source.RowTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Columns of a table, by whose values together something is found. Immutable and thread-safe. */
final class TableKeys {
    private final RowTable table;
    private final int[] slots;

    /**
     * @param what the table holds, for the message
     * @throws IllegalArgumentException if there is no such column, or it makes no key
     */
    TableKeys(RowTable table, List<String> columns, String what) {
        this.table = table;
        this.slots = columns.stream().mapToInt(name -> slot(name, what)).toArray();
    }

    private int slot(String name, String what) {
        int slot = table.require(name, what);
        if (table.schema().column(slot).type() == ColumnType.FLOAT64) {
            throw new IllegalArgumentException(
                    "column '" + name + "' of the " + what + " is FLOAT64, which makes no key");
        }
        return slot;
    }

    IntStream slots() {
        return IntStream.of(slots);
    }

    /** Whether a row has all of them. */
    boolean isComplete(int row) {
        for (int slot : slots) {
            if (table.isNull(row, slot)) {
                return false;
            }
        }
        return true;
    }

    /** Their texts in a row that has them all. */
    List<String> values(int row) {
        String[] values = new String[slots.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = table.text(row, slots[i]);
        }
        return List.of(values);
    }

    /** The key of a row; empty if it lacks a part of it. */
    Optional<String> key(int row) {
        return isComplete(row) ? Optional.of(EntityKeys.join(values(row))) : Optional.empty();
    }
}
