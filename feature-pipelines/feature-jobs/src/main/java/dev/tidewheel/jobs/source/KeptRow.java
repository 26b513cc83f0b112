package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * What the raw table has kept of a record.
 *
 * @param rejected why it was refused; null if it was not
 * @param key as it came; kept only of a refused record
 * @param value as it came; kept only of a refused record
 * @param row the source's columns; all null if there was no row after
 * @param change what a change event brought beside; null for an event, and if the record was refused
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record KeptRow(
        @Nullable String rejected,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Row row,
        @Nullable Changed change) {

    /**
     * What a change event brought beside the row after.
     *
     * @param operation see {@link dev.tidewheel.feature.change.RowOperation#word()}
     * @param connectorTime see {@link ChangeEvent}
     * @param databaseTime see {@link ChangeEvent}
     * @param before null if there was none
     */
    public record Changed(
            String operation,
            @Nullable Long connectorTime,
            @Nullable Long databaseTime,
            @Nullable Row before) {}
}
