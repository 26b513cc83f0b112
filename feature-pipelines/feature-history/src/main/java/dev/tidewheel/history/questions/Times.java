package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.source.RowTable;
import java.util.Optional;

/** Columns that say when. */
final class Times {
    private Times() {}

    /**
     * The slot of a column of times.
     *
     * @throws IllegalArgumentException if there is none of that name, or it holds something else
     */
    static int slot(RowTable table, String name, String what) {
        int slot = table.require(name, what);
        ColumnType type = table.schema().column(slot).type();
        if (type != ColumnType.TIMESTAMP && type != ColumnType.INT64) {
            throw new IllegalArgumentException("column '" + name + "' of the " + what + " is " + type
                    + ", but a time is a timestamp, or integers of epoch milliseconds");
        }
        return slot;
    }

    /**
     * @throws IllegalArgumentException if labels are to be known by a moment and nobody says when they were
     */
    static void requireKnown(Optional<String> known, long knownBy) {
        if (knownBy != Long.MAX_VALUE && known.isEmpty()) {
            throw new IllegalArgumentException("a set as of a moment holds the labels that were known by then, and"
                    + " nothing says when these were: name the column that does");
        }
    }
}
