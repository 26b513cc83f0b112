package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.Map;
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
    /** Whether all are whole numbers so small that longs hold every sum and sum of squares of a million. */
    boolean small = true;

    private final Map<Double, double[]> representatives = new ConcurrentHashMap<>();

    NaiveColumn(Optional<ColumnType> type, int events) {
        this.type = type;
        this.signs = new byte[events];
        this.words = new long[events];
        this.strings = new String[events];
        small = events <= SMALL;
    }

    void set(int event, boolean retraction, Row value) {
        signs[event] = (byte) (retraction ? -1 : 1);
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
