package dev.tidewheel.history.parquet;

/** Takes the values of one column, in the order of the rows. */
public interface ColumnSink {

    void appendNull();

    /** An integer, epoch milliseconds, or a boolean as 0 or 1. */
    void appendWord(long word);

    void appendDouble(double value);

    void appendString(String value);
}
