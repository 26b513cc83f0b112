package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Monitor.Direction;
import java.util.Arrays;
import java.util.Locale;

/** What a rule of a monitor can measure in a window. */
public enum Measure {
    /** Population stability index on the profile's edges; what is missing is a bin of its own. */
    PSI(Family.DISTANCE, Double.POSITIVE_INFINITY, "population stability index on the profile's edges"),
    /** Jensen–Shannon distance, base 2, on the profile's edges; what is missing is a bin of its own. */
    JS(Family.DISTANCE, 1, "Jensen–Shannon distance (base 2) on the profile's edges"),
    /** Greatest gap of the distribution functions at the profile's edges. */
    KS(Family.DISTANCE, 1, "greatest gap of the distribution functions at the profile's edges"),
    /** Share of the rows that have no value. */
    NULL_SHARE(Family.COLUMN, 1, "share of the rows without a value"),
    /** Mean of the values. */
    MEAN(Family.COLUMN, Double.POSITIVE_INFINITY, "mean of the values; the only measure that may be negative"),
    /** Share of the values from 0.5 on. */
    SHARE(Family.COLUMN, 1, "share of what is true; of @prediction, the share from 0.5 on. Not of numbers"),
    /** Logged rows. */
    ROWS(Family.HEALTH, Double.POSITIVE_INFINITY, "logged rows"),
    /** Share of the rows that were not answered. */
    ERROR_SHARE(Family.HEALTH, 1, "share of the rows that were not answered"),
    /** Median of the latency in milliseconds. */
    LATENCY_P50(Family.HEALTH, Double.POSITIVE_INFINITY, "median of the latency, in milliseconds"),
    /** 99 % quantile of the latency in milliseconds. */
    LATENCY_P99(Family.HEALTH, Double.POSITIVE_INFINITY, "99 % quantile of the latency, in milliseconds"),
    /** Share of the labelled rows that were predicted right, at 0.5. */
    ACCURACY(Family.PERFORMANCE, 1, "share of the labelled rows that were predicted right, at 0.5"),
    /** Mean of −ln of the probability that the label was given. */
    LOG_LOSS(Family.PERFORMANCE, Double.POSITIVE_INFINITY, "mean of −ln of the probability given to the label"),
    /** Area under the ROC curve. */
    AUC(Family.PERFORMANCE, 1, "area under the ROC curve"),
    /** Mean squared difference between probability and label. */
    BRIER(Family.PERFORMANCE, 1, "mean squared difference between probability and label"),
    /** Expected calibration error over ten bins of equal width. */
    CALIBRATION_ERROR(Family.PERFORMANCE, 1, "expected calibration error over ten bins of equal width"),
    /** Share of the labelled rows whose label is true. */
    LABEL_SHARE(Family.PERFORMANCE, 1, "share of the labelled rows whose label is true");

    private final Family family;
    private final double greatest;
    private final String meaning;

    Measure(Family family, double greatest, String meaning) {
        this.family = family;
        this.greatest = greatest;
        this.meaning = meaning;
    }

    /** What a measure speaks of. */
    public enum Family {
        /** One column, compared with the profile. Calibrated or fixed. */
        DISTANCE,
        /** One column, by itself. Calibrated or fixed. */
        COLUMN,
        /** The answers of a version as a whole. Fixed, and the rows calibrated: a training set has no latencies. */
        HEALTH,
        /** The predictions of a version as a whole, once labels are known. Calibrated, fixed or against a baseline. */
        PERFORMANCE
    }

    /** What it speaks of. */
    public Family family() {
        return family;
    }

    /** Whether it speaks of single columns, such as features, {@code @prediction} or {@code @label}. */
    public boolean ofColumns() {
        return family == Family.DISTANCE || family == Family.COLUMN;
    }

    /** The greatest value that it can have. */
    double greatest() {
        return greatest;
    }

    /** The least value that it can have. */
    double least() {
        return this == MEAN ? Double.NEGATIVE_INFINITY : 0;
    }

    /** In a few words, for the documentation. */
    String meaning() {
        return meaning;
    }

    /** Which side is bad where a rule does not say. */
    public Direction direction() {
        return this == ACCURACY || this == AUC ? Direction.BELOW : Direction.ABOVE;
    }

    /** As it is written, and as metric rows name it: {@code null_share}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException if no measure is written so
     */
    public static Measure of(String word) {
        return Arrays.stream(values())
                .filter(measure -> measure.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no measure is written '" + word + "'"));
    }
}
