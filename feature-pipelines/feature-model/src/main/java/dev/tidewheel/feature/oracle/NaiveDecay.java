package dev.tidewheel.feature.oracle;

import java.math.BigInteger;

/**
 * What half-lives leave of a value: in whole half-lives exactly, in their fractions as doubles.
 *
 * @param halfLifeMillis the half-life
 * @param t what weights are relative to: when a sum is read, the latest event of a mean
 */
record NaiveDecay(long halfLifeMillis, long t) {
    private static final long LANDMARK = 64;
    private static final long KEPT = 35;
    /** Sums are whole numbers of 2^−UNITS: nothing that counts is smaller. */
    private static final int UNITS = 4_096;

    /** x·2^f rounded to a double's precision, with the half-lives between exactly; 0 if it is too long ago. */
    BigInteger contribution(double x, long time) {
        if (x == 0 || Math.floorDiv(half(time), LANDMARK) <= Math.floorDiv(half(t), LANDMARK) - KEPT) {
            return BigInteger.ZERO;
        }
        // An x of the binade of 1, so that the product is rounded as a normal double; the rest is a power of two.
        double mantissa = x;
        int exponent = 0;
        while (Math.abs(mantissa) < 1) {
            mantissa *= 2;
            exponent--;
        }
        while (Math.abs(mantissa) >= 2) {
            mantissa /= 2;
            exponent++;
        }
        double product = mantissa * StrictMath.pow(2, fraction(time));
        BigInteger whole = BigInteger.valueOf((long) (product * 0x1p52));
        return whole.shiftLeft(UNITS - 52 + (int) (half(time) - half(t)) + exponent);
    }

    /** 2 to the negative fraction of a half-life at the read, in units of 2^−53. */
    BigInteger last() {
        return BigInteger.valueOf((long) (StrictMath.pow(2, -fraction(t)) * 0x1p53));
    }

    /** The double nearest to a sum of contributions times {@link #last}. */
    static double nearest(BigInteger sum) {
        return NaiveNumbers.nearest(sum, BigInteger.ONE, UNITS + 53);
    }

    private long half(long time) {
        return Math.floorDiv(time, halfLifeMillis);
    }

    private double fraction(long time) {
        return (double) Math.floorMod(time, halfLifeMillis) / (double) halfLifeMillis;
    }
}
