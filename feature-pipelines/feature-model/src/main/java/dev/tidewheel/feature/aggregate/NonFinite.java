package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;

/** Counts NaN and the infinities apart from finite summands, so that they can be taken away again. Mutable. */
final class NonFinite {
    private long nan;
    private long positive;
    private long negative;

    /** Counts a value {@code times} times, which may be negative, if it is not finite; else leaves it to the caller. */
    boolean takes(double value, long times) {
        if (Double.isFinite(value)) {
            return false;
        }
        if (Double.isNaN(value)) {
            nan += times;
        } else if (value > 0) {
            positive += times;
        } else {
            negative += times;
        }
        return true;
    }

    void merge(NonFinite other) {
        nan += other.nan;
        positive += other.positive;
        negative += other.negative;
    }

    void subtract(NonFinite other) {
        nan -= other.nan;
        positive -= other.positive;
        negative -= other.negative;
    }

    boolean isNone() {
        return nan == 0 && positive == 0 && negative == 0;
    }

    /** What IEEE 754 gives for the sum of these and anything finite. */
    double sum() {
        boolean both = positive > 0 && negative > 0;
        if (nan > 0 || both) {
            return Double.NaN;
        }
        return positive > 0 ? Double.POSITIVE_INFINITY : negative > 0 ? Double.NEGATIVE_INFINITY : 0.0;
    }

    void encode(ByteWriter out) {
        out.writeSigned(nan);
        out.writeSigned(positive);
        out.writeSigned(negative);
    }

    static NonFinite decode(ByteReader in) {
        NonFinite counts = new NonFinite();
        counts.nan = in.readSigned();
        counts.positive = in.readSigned();
        counts.negative = in.readSigned();
        return counts;
    }
}
