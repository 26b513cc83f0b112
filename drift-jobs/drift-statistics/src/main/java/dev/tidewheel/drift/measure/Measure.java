package dev.tidewheel.drift.measure;

import dev.tidewheel.drift.distance.Distance;
import dev.tidewheel.drift.distance.JensenShannon;
import dev.tidewheel.drift.distance.KolmogorovSmirnov;
import dev.tidewheel.drift.distance.Psi;
import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import dev.tidewheel.drift.latency.LatencyHistogram;
import dev.tidewheel.drift.performance.PerformanceValues;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Every measure by the name that monitors, metric rows and alerts use. A value is NaN where it is undefined, never 0 for
 * want of data. <strong>A new measure is one constant here.</strong>
 */
public enum Measure {
    /** {@link Psi}. */
    PSI("psi", new Psi()),
    /** {@link JensenShannon}. */
    JS("js", new JensenShannon()),
    /** {@link KolmogorovSmirnov}. */
    KS("ks", new KolmogorovSmirnov()),
    /** Missing values as a share of what could be read. */
    NULL_SHARE("null_share", counts -> (double) counts.missing() / counts.observed(), Direction.ABOVE),
    /** The mean of the finite values. */
    MEAN("mean", Counts::mean, Direction.ABOVE),
    /** The share of the finite values from 0.5 on; only where 0.5 is an edge, as for predictions and for 0 and 1. */
    SHARE("share", Measure::share, Direction.ABOVE),
    /** How many rows were asked. */
    ROWS("rows", Family.SERVING, Direction.ABOVE),
    /** The share of rows that got no prediction. */
    ERROR_SHARE("error_share", Family.SERVING, Direction.ABOVE),
    /** Median of the total time of a row, microseconds. */
    LATENCY_P50("latency_p50", Family.SERVING, Direction.ABOVE),
    /** 99th percentile of the total time of a row, microseconds. */
    LATENCY_P99("latency_p99", Family.SERVING, Direction.ABOVE),
    ACCURACY("accuracy", Direction.BELOW, PerformanceValues::accuracy),
    LOG_LOSS("log_loss", Direction.ABOVE, PerformanceValues::logLoss),
    AUC("auc", Direction.BELOW, PerformanceValues::auc),
    BRIER("brier", Direction.ABOVE, PerformanceValues::brier),
    CALIBRATION_ERROR("calibration_error", Direction.ABOVE, PerformanceValues::calibrationError),
    LABEL_SHARE("label_share", Direction.ABOVE, PerformanceValues::labelShare);

    /** What a measure is computed from. */
    public enum Family {
        /** Two counts: a window's and the reference's. */
        DISTANCE,
        /** The counts of a window. */
        COUNTS,
        /** How requests went: needs no reference, and has none but the number of rows. */
        SERVING,
        /** Predictions with their labels. */
        PERFORMANCE
    }

    private final String key;
    private final Family family;
    private final Direction worse;
    private final Distance distance;
    private final ToDoubleFunction<PerformanceValues> performance;

    Measure(String key, Distance distance) {
        this(key, Family.DISTANCE, Direction.ABOVE, distance, Measure::none);
    }

    Measure(String key, ToDoubleFunction<Counts> counts, Direction worse) {
        this(key, Family.COUNTS, worse, (reference, window) -> counts.applyAsDouble(window), Measure::none);
    }

    Measure(String key, Direction worse, ToDoubleFunction<PerformanceValues> performance) {
        this(key, Family.PERFORMANCE, worse, (reference, window) -> Double.NaN, performance);
    }

    Measure(String key, Family family, Direction worse) {
        this(key, family, worse, (reference, window) -> Double.NaN, Measure::none);
    }

    Measure(
            String key,
            Family family,
            Direction worse,
            Distance distance,
            ToDoubleFunction<PerformanceValues> performance) {
        this.key = key;
        this.family = family;
        this.worse = worse;
        this.distance = distance;
        this.performance = performance;
    }

    /** The measure of a name. */
    public static Optional<Measure> named(String key) {
        return Arrays.stream(values())
                .filter(measure -> measure.key.equals(key))
                .findFirst();
    }

    /** The name that definitions and topics use. */
    public String key() {
        return key;
    }

    public Family family() {
        return family;
    }

    /** The direction in which it is bad, unless a rule says otherwise. */
    public Direction worse() {
        return worse;
    }

    /**
     * The measure of a window's counts.
     *
     * @param reference on the same edges; only distances look at it
     * @return NaN where undefined, and for measures of another family
     */
    public double of(Counts reference, Counts window) {
        return distance.between(reference, window);
    }

    /** The measure of labelled predictions; NaN where undefined, and for measures of another family. */
    public double of(PerformanceValues values) {
        return performance.applyAsDouble(values);
    }

    /** The measure of how requests went; NaN where undefined, and for measures of another family. */
    public double of(long rows, long errors, LatencyHistogram latencies) {
        return switch (this) {
            case ROWS -> rows;
            case ERROR_SHARE -> (double) errors / rows;
            case LATENCY_P50 -> latencies.quantile(0.5);
            case LATENCY_P99 -> latencies.quantile(0.99);
            default -> Double.NaN;
        };
    }

    private static double share(Counts counts) {
        Edges edges = counts.edges();
        int first = edges.indexOf(0.5);
        if (first < 0) {
            return Double.NaN;
        }
        long from = 0;
        for (int cell = first + 1; cell < counts.valueCells(); cell++) {
            from += counts.valueCell(cell);
        }
        return (double) from / counts.values();
    }

    private static double none(PerformanceValues values) {
        return Double.NaN;
    }
}
