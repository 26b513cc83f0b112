package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Row;

/** What all change events of Debezium have in common, however they are written. */
final class Debezium {
    /** What Debezium writes unless its unavailable.value.placeholder is set. */
    private static final String UNAVAILABLE = "__debezium_unavailable_value";

    private Debezium() {}

    /** The operation of an envelope. */
    static RowOperation operation(String word) throws UndecodableException {
        RowOperation known = RowOperation.of(word).orElse(null);
        if (known == null || known == RowOperation.TOMBSTONE) {
            throw new UndecodableException("op is '" + word
                    + "', which is none of c, r, u, d and m; of a truncated table, no row can be taken away singly:"
                    + " let a new source begin after it");
        }
        return known;
    }

    /** Of a large column that an update has not touched, some databases tell nothing, and Debezium says so by a text. */
    static Row complete(Row row) throws UndecodableException {
        for (String text : row.strings()) {
            if (UNAVAILABLE.equals(text)) {
                throw new UndecodableException("a column is " + UNAVAILABLE
                        + ": the database did not tell its value; have it tell whole rows (REPLICA IDENTITY FULL), or"
                        + " leave the column out of the source");
            }
        }
        return row;
    }
}
