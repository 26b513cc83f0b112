package dev.tidewheel.history.source;

import dev.tidewheel.feature.row.Row;

/**
 * Takes a source's rows: one value for every column, then (or before, for whole columns at a time) the place of the
 * record that each is from.
 */
public interface RecordSink {

    /** Where the values of a column go. */
    ColumnBuffer column(int slot);

    /** Names the place of the next row. */
    void record(int channel, long offset, long timestamp);

    /** Names the place of the next row, which is kept for the books but is no change. */
    void rejected(int channel, long offset, long timestamp);

    /**
     * Names the place of the next row, which counts no longer.
     *
     * @param alone whether it is the record's only row; else the record's other row was named just before
     */
    void taken(int channel, long offset, long timestamp, boolean alone);

    /** Appends the values of a whole row. */
    void append(Row row);
}
