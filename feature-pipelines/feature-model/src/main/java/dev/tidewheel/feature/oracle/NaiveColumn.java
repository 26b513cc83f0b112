package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one feature aggregates, per event: evaluated once, in arrays. Filled, then only read. */
final class NaiveColumn {
    private static final long SMALL = 1L << 20;

    final Optional<ColumnType> type;
    /** 1 counts, −1 takes away, 0 does not count. */
    final byte[] signs;

    final long[] words;
    final @Nullable String[] strings;
    /** Whether all are whole numbers so small that longs hold every sum and sum of squares of a million. */
    boolean small = true;

    boolean takesAway;

    NaiveColumn(Optional<ColumnType> type, int events) {
        this.type = type;
        this.signs = new byte[events];
        this.words = new long[events];
        this.strings = new String[events];
        small = events <= SMALL;
    }

    void set(int event, boolean retraction, Row value) {
        signs[event] = (byte) (retraction ? -1 : 1);
        takesAway |= retraction;
        words[event] = value.words()[0];
        strings[event] = value.strings()[0];
        small &= isSmall(event);
    }

    private boolean isSmall(int event) {
        if (!isDouble()) {
            return Math.abs(words[event]) <= SMALL && words[event] != Long.MIN_VALUE;
        }
        double value = asDouble(event);
        return Math.abs(value) <= SMALL && value == Math.rint(value);
    }

    boolean isDouble() {
        return type.equals(Optional.of(ColumnType.FLOAT64));
    }

    boolean isString() {
        return type.equals(Optional.of(ColumnType.STRING));
    }

    /** The number at an event as a double; integers are converted. */
    double asDouble(int event) {
        return isDouble() ? Double.longBitsToDouble(words[event]) : (double) words[event];
    }

    /** The number at an event, if {@link #small}. */
    long asSmall(int event) {
        return isDouble() ? (long) Double.longBitsToDouble(words[event]) : words[event];
    }
}
