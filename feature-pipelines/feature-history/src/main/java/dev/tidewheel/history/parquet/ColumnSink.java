package dev.tidewheel.history.parquet;

/** Takes the values of one column, in the order of the rows. */
public interface ColumnSink {

    void appendNull();

    /** An integer, epoch milliseconds, or a boolean as 0 or 1. */
    void appendWord(long word);

    void appendDouble(double value);

    void appendString(String value);

    /** Takes many words. */
    default void appendWords(long[] words, int from, int count) {
        for (int i = from; i < from + count; i++) {
            appendWord(words[i]);
        }
    }

    /** Takes many doubles, by their bits. */
    default void appendDoubles(long[] bits, int from, int count) {
        for (int i = from; i < from + count; i++) {
            appendDouble(Double.longBitsToDouble(bits[i]));
        }
    }
}
