package dev.tidewheel.drift.verdict;

/** Quantiles of the χ² distribution, by bisection of its distribution function, to about 1e-10. */
final class ChiSquared {
    private ChiSquared() {}

    static double quantile(double probability, int degrees) {
        if (!(probability > 0 && probability < 1) || degrees < 1) {
            throw new IllegalArgumentException("no quantile " + probability + " with " + degrees + " degrees");
        }
        double low = 0;
        double high = degrees;
        while (cumulative(high, degrees) < probability) {
            high *= 2;
        }
        for (int i = 0; i < 100; i++) {
            double middle = (low + high) / 2;
            if (cumulative(middle, degrees) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** The regularised lower incomplete gamma function P(degrees / 2, x / 2), as a power series: all terms are positive. */
    static double cumulative(double x, int degrees) {
        double a = degrees / 2.0;
        double half = x / 2;
        double term = 1 / a;
        double sum = term;
        for (int i = 1; term > sum * 1e-17; i++) {
            term *= half / (a + i);
            sum += term;
        }
        return half == 0 ? 0 : sum * StrictMath.exp(a * StrictMath.log(half) - half - logGamma(degrees));
    }

    /** ln Γ(degrees / 2), from Γ(1) = 1 or Γ(1/2) = √π upwards. */
    private static double logGamma(int degrees) {
        double log = degrees % 2 == 0 ? 0 : StrictMath.log(Math.PI) / 2;
        for (double a = degrees % 2 == 0 ? 1 : 0.5; a < degrees / 2.0; a++) {
            log += StrictMath.log(a);
        }
        return log;
    }
}
