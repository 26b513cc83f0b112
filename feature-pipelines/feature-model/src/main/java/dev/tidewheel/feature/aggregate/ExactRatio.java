package dev.tidewheel.feature.aggregate;

import java.math.BigInteger;

/**
 * Rounds a quotient of integers, times a power of two, or its square root, to the nearest double, ties to even: once, at
 * the very end.
 */
final class ExactRatio {
    /** So many bits of a quotient, and one for the rest, decide every rounding to 53. */
    private static final int QUOTIENT_BITS = 66;

    private static final int DOUBLE_BITS = 53;
    private static final int SMALLEST_EXPONENT = -1074;

    private ExactRatio() {}

    /** The double nearest to {@code numerator / denominator · 2^exponent}; the denominator is positive. */
    static double toDouble(BigInteger numerator, BigInteger denominator, int exponent) {
        if (numerator.signum() == 0) {
            return 0.0;
        }
        BigInteger magnitude = numerator.abs();
        int shift = Math.max(0, QUOTIENT_BITS - magnitude.bitLength() + denominator.bitLength());
        BigInteger[] division = magnitude.shiftLeft(shift).divideAndRemainder(denominator);
        BigInteger quotient = division[0].shiftLeft(1);
        if (division[1].signum() != 0) {
            quotient = quotient.setBit(0);
        }
        double rounded = round(quotient, exponent - shift - 1);
        return numerator.signum() < 0 ? -rounded : rounded;
    }

    /** The double nearest to the square root of {@code numerator / denominator}: neither is negative. */
    static double sqrt(BigInteger numerator, BigInteger denominator) {
        if (numerator.signum() == 0) {
            return 0.0;
        }
        int missing = Math.max(0, 2 * QUOTIENT_BITS - numerator.bitLength() + denominator.bitLength());
        int shift = missing + (missing & 1);
        BigInteger[] division = numerator.shiftLeft(shift).divideAndRemainder(denominator);
        BigInteger[] root = division[0].sqrtAndRemainder();
        boolean exact = division[1].signum() == 0 && root[1].signum() == 0;
        BigInteger doubled = root[0].shiftLeft(1);
        return round(exact ? doubled : doubled.setBit(0), -shift / 2 - 1);
    }

    private static double round(BigInteger magnitude, int exponent) {
        int dropped = Math.max(magnitude.bitLength() - DOUBLE_BITS, SMALLEST_EXPONENT - exponent);
        if (dropped <= 0) {
            return Math.scalb(magnitude.doubleValue(), exponent);
        }
        BigInteger kept = magnitude.shiftRight(dropped);
        boolean half = magnitude.testBit(dropped - 1);
        boolean more = magnitude.getLowestSetBit() < dropped - 1;
        if (half && (more || kept.testBit(0))) {
            kept = kept.add(BigInteger.ONE);
        }
        return Math.scalb(kept.doubleValue(), exponent + dropped);
    }
}
