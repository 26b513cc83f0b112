package dev.tidewheel.history.parquet;

/** How the columns of a Parquet file are written. */
public enum RowLayout {
    /** As a file of its own: times in milliseconds. */
    FILE,
    /** As a data file of an Iceberg table: columns have numbers, from 1, and times are in microseconds, as its format wants. */
    TABLE
}
