package dev.tidewheel.drift.sum;

import java.math.BigInteger;

/**
 * A sum of doubles in 128-bit fixed point, in units of 2<sup>-40</sup>. Integer addition knows no order: the same values
 * give the same bits however they are grouped, merged and taken back again.
 *
 * <p>Each value is rounded once to the nearest unit, so a sum of n values is within n · 2<sup>-41</sup> of the true one
 * and a mean within 2<sup>-41</sup> (4.6e-13); values of at least 4,096 and all whole numbers are exact. Values beyond
 * ±2<sup>52</sup> count as ±2<sup>52</sup>; 2<sup>35</sup> of those fit. Not thread-safe.
 */
public final class FixedPointSum {
    private static final int FRACTION_BITS = 40;
    private static final double UNITS = 0x1p40;
    private static final double LARGEST = 0x1p52;
    /** Below it a value has less than 2^52 units, which a double holds exactly. */
    private static final double SMALL = 0x1p12;

    private long high;
    private long low;

    public FixedPointSum() {}

    /** From the two words that {@link #high()} and {@link #low()} gave. */
    public FixedPointSum(long high, long low) {
        this.high = high;
        this.low = low;
    }

    /**
     * Adds a value.
     *
     * @throws IllegalArgumentException if it is NaN or infinite
     */
    public void add(double value) {
        fold(value, false);
    }

    /** Takes back a value that was added. */
    public void subtract(double value) {
        fold(value, true);
    }

    /** Adds all that another sum holds. */
    public void merge(FixedPointSum other) {
        addWords(other.high, other.low);
    }

    /** Takes back all that another sum holds. */
    public void unmerge(FixedPointSum other) {
        addNegated(other.high, other.low);
    }

    /** The upper word of the sum in units. */
    public long high() {
        return high;
    }

    /** The lower word of the sum in units. */
    public long low() {
        return low;
    }

    /** The sum, rounded to the nearest double. */
    public double value() {
        if (high == low >> 63 && Math.abs(low) < 1L << 53) {
            return low / UNITS;
        }
        BigInteger units =
                BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(new BigInteger(Long.toUnsignedString(low)));
        return units.doubleValue() / UNITS;
    }

    private void fold(double value, boolean negate) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("only finite values can be added up, got " + value);
        }
        double clipped = Math.max(-LARGEST, Math.min(LARGEST, value));
        double magnitude = Math.abs(clipped);
        boolean minus = negate != clipped < 0;
        if (magnitude < SMALL) {
            long units = (long) Math.rint(magnitude * UNITS);
            fold(0, units, minus);
        } else {
            int shift = Math.getExponent(magnitude) - 52 + FRACTION_BITS;
            long significand = Double.doubleToRawLongBits(magnitude) & (1L << 52) - 1 | 1L << 52;
            long upper = shift == 0 ? 0 : significand >>> Long.SIZE - shift;
            fold(upper, significand << shift, minus);
        }
    }

    private void fold(long upper, long lower, boolean minus) {
        if (minus) {
            addNegated(upper, lower);
        } else {
            addWords(upper, lower);
        }
    }

    private void addNegated(long upper, long lower) {
        addWords(~upper + (lower == 0 ? 1 : 0), -lower);
    }

    private void addWords(long upper, long lower) {
        low += lower;
        high += upper + (Long.compareUnsigned(low, lower) < 0 ? 1 : 0);
    }
}
