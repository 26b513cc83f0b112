package dev.tidewheel.drift.verdict;

/**
 * How many rows a window needs before noise alone stays under a threshold. Large-sample theory with independent rows,
 * against a reference that is much larger than the window; rows that come in clusters need more.
 */
public final class MinimumRows {
    private MinimumRows() {}

    /**
     * For the PSI: without drift, n · PSI is about χ² with cells − 1 degrees of freedom.
     *
     * @param threshold the PSI that must not be reached by noise
     * @param cells how many cells the reference uses
     * @param falseAlarm the share of windows in which it may be
     */
    public static long forPsi(double threshold, int cells, double falseAlarm) {
        return rows(ChiSquared.quantile(1 - falseAlarm, Math.max(1, cells - 1)) / threshold);
    }

    /** For the Jensen–Shannon distance, whose square is about PSI / (8 ln 2) where it is small. */
    public static long forJensenShannon(double threshold, int cells, double falseAlarm) {
        return forPsi(8 * StrictMath.log(2) * threshold * threshold, cells, falseAlarm);
    }

    /** For the Kolmogorov–Smirnov statistic: ln(2 / falseAlarm) / (2 T²), an upper bound for any distribution. */
    public static long forKolmogorovSmirnov(double threshold, double falseAlarm) {
        return rows(StrictMath.log(2 / falseAlarm) / (2 * threshold * threshold));
    }

    /** For a share such as the accuracy to be told from another so far away: Hoeffding's ln(2 / falseAlarm) / (2 T²). */
    public static long forShare(double difference, double falseAlarm) {
        return forKolmogorovSmirnov(difference, falseAlarm);
    }

    private static long rows(double rows) {
        return (long) Math.ceil(rows);
    }
}
