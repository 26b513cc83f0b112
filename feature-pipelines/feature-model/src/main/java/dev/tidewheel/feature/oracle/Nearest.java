package dev.tidewheel.feature.oracle;

import java.math.BigDecimal;
import java.math.MathContext;

/** Finds the double nearest to a fraction by trying the neighbours of a guess. */
final class Nearest {
    private static final BigDecimal BEYOND_ALL = BigDecimal.valueOf(2).pow(1024);

    private static final MathContext DIGITS = new MathContext(120);

    private Nearest() {}

    /** Ties go to the even mantissa; the denominator is positive. */
    static double toDouble(BigDecimal numerator, BigDecimal denominator) {
        double guess = numerator.divide(denominator, MathContext.DECIMAL128).doubleValue();
        double best = guess;
        for (double candidate : new double[] {Math.nextDown(guess), Math.nextUp(guess)}) {
            int order = distance(candidate, numerator, denominator).compareTo(distance(best, numerator, denominator));
            if (order < 0 || (order == 0 && isEven(candidate))) {
                best = candidate;
            }
        }
        return best;
    }

    /** The double nearest to the root of a fraction, by a root of many more digits than a double has. */
    static double root(BigDecimal numerator, BigDecimal denominator) {
        return numerator.divide(denominator, DIGITS).sqrt(DIGITS).doubleValue();
    }

    private static BigDecimal distance(double candidate, BigDecimal numerator, BigDecimal denominator) {
        return exact(candidate).multiply(denominator).subtract(numerator).abs();
    }

    private static BigDecimal exact(double candidate) {
        if (Double.isInfinite(candidate)) {
            return candidate > 0 ? BEYOND_ALL : BEYOND_ALL.negate();
        }
        return new BigDecimal(candidate);
    }

    private static boolean isEven(double candidate) {
        return (Double.doubleToLongBits(candidate) & 1) == 0;
    }
}
