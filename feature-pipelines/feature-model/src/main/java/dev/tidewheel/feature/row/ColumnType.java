package dev.tidewheel.feature.row;

/** What a column of a row, or a feature, holds. Times are epoch milliseconds in an {@link #INT64}. */
public enum ColumnType {
    /** A signed 64-bit integer. */
    INT64,
    /** An IEEE 754 double. */
    FLOAT64,
    /** True or false. */
    BOOL,
    /** A string of UTF-16 units, compared as such. */
    STRING,
    /** An instant, epoch milliseconds. Held like an {@link #INT64}; CEL sees a timestamp. */
    TIMESTAMP,
    /**
     * A list or a map as canonical JSON text: no spaces, the keys of a map sorted, doubles as {@link Double#toString}, what
     * is no JSON number as a string ({@code "NaN"}). Held like a {@link #STRING}; CEL sees the text.
     */
    JSON;

    /** Whether values stand in a row's strings, not in its words. */
    public boolean isText() {
        return this == STRING || this == JSON;
    }
}
