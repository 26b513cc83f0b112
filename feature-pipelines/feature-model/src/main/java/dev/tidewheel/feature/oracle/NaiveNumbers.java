package dev.tidewheel.feature.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * Exact sums over the events of one feature.
 *
 * @param column what is summed
 * @param counted places of events
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one value, compared with nothing.
record NaiveNumbers(NaiveColumn column, int[] counted) {
    private static final int SMALLEST_DOUBLE = 1_074;

    long net() {
        long net = 0;
        for (int event : counted) {
            net += column.signs[event];
        }
        return net;
    }

    boolean hasNonFinite() {
        if (!column.isDouble() || column.small) {
            return false;
        }
        Map<Double, Integer> net = new HashMap<>();
        for (int event : counted) {
            double value = column.asDouble(event);
            if (!Double.isFinite(value)) {
                net.merge(value, (int) column.signs[event], Integer::sum);
            }
        }
        return net.values().stream().anyMatch(count -> count != 0);
    }

    boolean isFinite(int event) {
        return !column.isDouble() || Double.isFinite(column.asDouble(event));
    }

    /** What IEEE 754 gives for the sum of what is not finite. */
    double nonFiniteSum() {
        long nan = 0;
        long positive = 0;
        long negative = 0;
        for (int event : counted) {
            double value = column.asDouble(event);
            nan += Double.isNaN(value) ? column.signs[event] : 0;
            positive += value == Double.POSITIVE_INFINITY ? column.signs[event] : 0;
            negative += value == Double.NEGATIVE_INFINITY ? column.signs[event] : 0;
        }
        return (nan > 0 ? Double.NaN : 0.0)
                + (positive > 0 ? Double.POSITIVE_INFINITY : 0.0)
                + (negative > 0 ? Double.NEGATIVE_INFINITY : 0.0);
    }

    /** All numbers are whole multiples of 2^−scale: that of integers, or that of the smallest double. */
    int scale() {
        return column.isDouble() && !column.small ? SMALLEST_DOUBLE : 0;
    }

    /** The number at an event in units of 2^−{@link #scale}; 0 if it is not finite. */
    BigInteger units(int event) {
        if (scale() == 0) {
            return BigInteger.valueOf(column.small ? column.asSmall(event) : column.words[event]);
        }
        double value = column.asDouble(event);
        if (!Double.isFinite(value)) {
            return BigInteger.ZERO;
        }
        int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
        BigInteger mantissa = new BigDecimal(Math.scalb(value, -exponent)).toBigIntegerExact();
        return mantissa.shiftLeft(exponent + SMALLEST_DOUBLE);
    }

    /** Of the powers of what is finite, in units of 2^−(power · scale). */
    BigInteger sum(int power) {
        if (column.small && power <= 2) {
            return BigInteger.valueOf(smallSum(power));
        }
        BigInteger sum = BigInteger.ZERO;
        for (int event : counted) {
            sum = sum.add(signed(units(event).pow(power), event));
        }
        return sum;
    }

    /** Of the products with another column's values. */
    BigInteger products(NaiveNumbers other) {
        BigInteger sum = BigInteger.ZERO;
        for (int event : counted) {
            sum = sum.add(signed(units(event).multiply(other.units(event)), event));
        }
        return sum;
    }

    long smallSum(int power) {
        long sum = 0;
        for (int event : counted) {
            long value = column.asSmall(event);
            sum += column.signs[event] * (power == 1 ? value : value * value);
        }
        return sum;
    }

    BigInteger signed(BigInteger value, int event) {
        return column.signs[event] < 0 ? value.negate() : value;
    }

    /** The double nearest to a quotient of whole numbers times 2^−scale. */
    static double nearest(BigInteger numerator, BigInteger denominator, int scale) {
        BigInteger up = numerator.shiftLeft(Math.max(0, -scale));
        BigInteger down = denominator.shiftLeft(Math.max(0, scale));
        return Nearest.toDouble(new BigDecimal(up), new BigDecimal(down));
    }
}
