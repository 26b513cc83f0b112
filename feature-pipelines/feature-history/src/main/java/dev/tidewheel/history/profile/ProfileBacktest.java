package dev.tidewheel.history.profile;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.measure.Direction;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.measure.Measure.Family;
import dev.tidewheel.drift.performance.Performance;
import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.Windows;
import dev.tidewheel.drift.verdict.Calibration;
import dev.tidewheel.history.training.TrainingSet;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How rules would have done on days that the profile has not seen, before anybody is woken by them: every measure of every
 * feature, window by window, beside the fixed and the calibrated threshold. Judges single windows, without persistence.
 * Immutable and thread-safe once made.
 */
public final class ProfileBacktest {
    private static final double FIXED_PSI = 0.3;
    private static final double FIXED_KS = 0.1;
    private static final double OF_ACCURACY = 0.95;

    private final Profile profile;
    private final Calibration calibration;
    private final double quantile;
    private final long minRows;

    /**
     * @param quantile of the calibrated thresholds
     * @param minRows windows with fewer rows are neither learnt from nor judged
     */
    public ProfileBacktest(Profile profile, double quantile, long minRows) {
        this.profile = profile;
        this.calibration = new Calibration(profile, minRows);
        this.quantile = quantile;
        this.minRows = minRows;
    }

    /**
     * Judges another training set of the same service.
     *
     * @param predictions the probability of class 1 for every row, where the model is at hand
     * @return features in the profile's order, then predictions, labels and performance; distances first
     * @throws IllegalArgumentException if it lacks a column of the profile
     */
    public List<BacktestRule> judge(TrainingSet set, Optional<double[]> predictions) throws IOException {
        Windows windows = new Windows(set.times(), profile.windowMillis());
        List<BacktestRule> rules = new ArrayList<>();
        for (FeatureProfile feature : profile.features()) {
            rules.addAll(judge(feature, whole(set, windows.count(feature.edges(), set.numbers(feature.name())))));
        }
        if (profile.prediction().isPresent() && predictions.isPresent()) {
            FeatureProfile prediction = profile.prediction().get();
            rules.addAll(judge(prediction, whole(set, windows.count(prediction.edges(), predictions.get()))));
        }
        FeatureProfile label = profile.label();
        SortedMap<Long, Counts> labels = whole(set, windows.count(label.edges(), set.labels()));
        rules.addAll(judge(label, labels));
        for (Direction direction : Direction.values()) {
            rules.add(judge(label, Measure.LABEL_SHARE, Measure.SHARE, direction, labels));
        }
        if (profile.performance().isPresent() && predictions.isPresent()) {
            rules.addAll(judge(whole(set, windows.performance(predictions.get(), set.labels()))));
        }
        return rules;
    }

    private List<BacktestRule> judge(FeatureProfile feature, SortedMap<Long, Counts> windows) {
        return Arrays.stream(Measure.values())
                .filter(measure -> measure.family() == Family.DISTANCE
                        || measure == Measure.NULL_SHARE && !feature.name().equals(Profile.LABEL))
                .map(measure -> judge(feature, measure, measure, measure.worse(), windows))
                .toList();
    }

    private BacktestRule judge(
            FeatureProfile feature,
            Measure measure,
            Measure computed,
            Direction direction,
            SortedMap<Long, Counts> windows) {
        SortedMap<Long, Double> values = new TreeMap<>();
        windows.forEach((start, counts) -> {
            if (counts.rows() >= minRows) {
                values.put(start, computed.of(feature.total(), counts));
            }
        });
        SortedMap<Long, Double> own = new TreeMap<>();
        profile.wholeWindows().keySet().forEach(start -> {
            Counts counts = feature.windows().get(start);
            if (counts != null && counts.rows() >= minRows) {
                own.put(start, computed.of(feature.total(), counts));
            }
        });
        return new BacktestRule(
                feature.name(),
                measure,
                calibration.of(feature.name(), measure, direction, quantile),
                fixed(measure),
                own,
                values);
    }

    private List<BacktestRule> judge(SortedMap<Long, Performance> windows) {
        List<BacktestRule> rules = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (measure.family() == Family.PERFORMANCE && measure != Measure.LABEL_SHARE) {
                SortedMap<Long, Double> values = new TreeMap<>();
                windows.forEach((start, window) -> {
                    if (window.rows() >= minRows) {
                        values.put(start, measure.of(window.values()));
                    }
                });
                SortedMap<Long, Double> own = new TreeMap<>();
                profile.performance().orElseThrow().windows().forEach((start, window) -> {
                    if (profile.wholeWindows().getOrDefault(start, 0L) >= minRows) {
                        own.put(start, measure.of(window));
                    }
                });
                rules.add(new BacktestRule(
                        Profile.PERFORMANCE,
                        measure,
                        calibration.of(Profile.PERFORMANCE, measure, measure.worse(), quantile),
                        fixed(measure),
                        own,
                        values));
            }
        }
        return rules;
    }

    /** The threshold that everybody knows; NaN where there is none. */
    private double fixed(Measure measure) {
        return switch (measure) {
            case PSI -> FIXED_PSI;
            case KS -> FIXED_KS;
            case ACCURACY ->
                profile.performance()
                        .map(performance -> OF_ACCURACY * measure.of(performance.total()))
                        .orElse(Double.NaN);
            default -> Double.NaN;
        };
    }

    /** Without the windows that the set has only in part. */
    private <T> SortedMap<Long, T> whole(TrainingSet set, SortedMap<Long, T> windows) {
        long from = Instant.parse(set.manifest().from()).toEpochMilli();
        long to = Instant.parse(set.manifest().to()).toEpochMilli();
        windows.keySet().removeIf(start -> start < from || start + profile.windowMillis() > to);
        return windows;
    }
}
