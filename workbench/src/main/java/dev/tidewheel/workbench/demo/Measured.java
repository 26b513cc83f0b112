package dev.tidewheel.workbench.demo;

import dev.tidewheel.workbench.report.Report.Percentiles;
import org.HdrHistogram.Histogram;

/** From histograms to the report's numbers. */
final class Measured {
    private static final double NANOS_PER_MILLI = 1e6;

    private Measured() {}

    /** @param nanos durations in nanoseconds */
    static Percentiles of(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return Percentiles.NONE;
        }
        return new Percentiles(
                nanos.getTotalCount(),
                millis(nanos.getValueAtPercentile(50)),
                millis(nanos.getValueAtPercentile(90)),
                millis(nanos.getValueAtPercentile(99)),
                millis(nanos.getValueAtPercentile(99.9)),
                millis(nanos.getMaxValue()));
    }

    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0;
    }
}
