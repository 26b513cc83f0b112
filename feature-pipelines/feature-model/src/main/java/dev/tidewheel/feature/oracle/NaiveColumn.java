package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one feature aggregates, per event: evaluated once, in arrays. Filled, then only read. */
final class NaiveColumn {
    private static final long SMALL = 1L << 20;

    final Optional<ColumnType> type;
    /** 1 counts, −1 takes away, 0 does not count. */
    final byte[] signs;

    final long[] words;
    final @Nullable String[] strings;
    /** When each event happened. */
    final long[] times;
    /** The second input; it has a value wherever this one has. */
    @Nullable
    NaiveColumn by;
    /** The category of each event that counts; null without categories. */
    @Nullable
    String @Nullable [] categories;
    /** Whether all are whole numbers so small that longs hold every sum and sum of squares of a million. */
    boolean small = true;

    private final Map<Double, double[]> representatives = new ConcurrentHashMap<>();

    NaiveColumn(Optional<ColumnType> type, int events) {
        this.type = type;
        this.signs = new byte[events];
        this.words = new long[events];
        this.strings = new String[events];
        this.times = new long[events];
        small = events <= SMALL;
    }

    void set(int event, boolean retraction, long time, Row value) {
        times[event] = time;
        signs[event] = (byte) (retraction ? -1 : 1);
        words[event] = value.words()[0];
        strings[event] = value.strings()[0];
        small &= isSmall(event);
    }

    /** The times themselves, as a column of whole numbers that count where this one counts. */
    NaiveColumn asTimes() {
        NaiveColumn column = new NaiveColumn(Optional.of(ColumnType.INT64), times.length);
        System.arraycopy(signs, 0, column.signs, 0, signs.length);
        System.arraycopy(times, 0, column.words, 0, times.length);
        column.small = false;
        return column;
    }

    /** Texts by UTF-16 unit, numbers by value, NaN the greatest, −0.0 below 0.0. */
    int compare(int left, int right) {
        if (isString()) {
            return Objects.requireNonNull(strings[left]).compareTo(Objects.requireNonNull(strings[right]));
        }
        return isDouble() ? Double.compare(asDouble(left), asDouble(right)) : Long.compare(words[left], words[right]);
    }

    /** What is equal for equal values. */
    Object value(int event) {
        if (isString()) {
            return Objects.requireNonNull(strings[event]);
        }
        if (!isDouble()) {
            return words[event];
        }
        double value = asDouble(event);
        return value == 0 ? 0.0 : value;
    }

    /** The category that a value is: its text. */
    static String category(ColumnType type, Row value) {
        return switch (type) {
            case STRING, JSON -> Objects.requireNonNull(value.getString(0));
            case BOOL -> value.getBoolean(0) ? "true" : "false";
            case INT64, TIMESTAMP -> String.valueOf(value.getLong(0));
            case FLOAT64 -> value.getDouble(0) == 0 ? "0.0" : String.valueOf(value.getDouble(0));
        };
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
        return type.isPresent() && type.get().isText();
    }

    /** The number at an event as a double; integers are converted. */
    double asDouble(int event) {
        return isDouble() ? Double.longBitsToDouble(words[event]) : (double) words[event];
    }

    /** The number at an event, if {@link #small}. */
    long asSmall(int event) {
        return isDouble() ? (long) Double.longBitsToDouble(words[event]) : words[event];
    }

    /** What a DDSketch of an accuracy answers instead of the number at an event; computed once. */
    double representative(int event, double accuracy) {
        return representatives.computeIfAbsent(accuracy, this::representatives)[event];
    }

    private double[] representatives(double accuracy) {
        double[] computed = new double[words.length];
        for (int event = 0; event < computed.length; event++) {
            computed[event] = representative(asDouble(event), accuracy);
        }
        return computed;
    }

    /** 2γ^i/(γ + 1) for the i with γ^(i−1) < x ≤ γ^i; DDSketch, by its definition. */
    private static double representative(double value, double accuracy) {
        double x = Math.abs(value);
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return value;
        }
        if (x < Double.MIN_NORMAL) {
            return 0.0;
        }
        double gamma = (1 + accuracy) / (1 - accuracy);
        double logGamma = StrictMath.log(gamma);
        double i = StrictMath.ceil(StrictMath.log(x) / logGamma);
        double middle = StrictMath.exp(i * logGamma + StrictMath.log(2 / (gamma + 1)));
        return Math.copySign(Math.min(middle, Double.MAX_VALUE), value);
    }
}
