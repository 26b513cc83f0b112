package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Row;
import org.jspecify.annotations.Nullable;

/** What the value of a record says. */
sealed interface ReadValue {

    /** An event. */
    record Event(Row row) implements ReadValue {}

    /**
     * A change of a row.
     *
     * @param before null if the record has none
     * @param after null if the record has none
     * @param connectorTime see {@link ChangeEvent}
     * @param databaseTime see {@link ChangeEvent}
     */
    record RowChanged(
            RowOperation operation,
            @Nullable Row before,
            @Nullable Row after,
            @Nullable Long connectorTime,
            @Nullable Long databaseTime)
            implements ReadValue {}
}
