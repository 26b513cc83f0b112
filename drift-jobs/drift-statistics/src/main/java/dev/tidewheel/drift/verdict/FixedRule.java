package dev.tidewheel.drift.verdict;

import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.profile.PerformanceReference;
import dev.tidewheel.drift.profile.Profile;
import java.util.Arrays;
import java.util.Optional;

/** Rules with a threshold that everybody knows, by name. They ask no data what is normal: see docs/monitoring.md. */
public enum FixedRule {
    PSI("psi-0.3", Measure.PSI, 0.3),
    KS("ks-0.1", Measure.KS, 0.1),
    LATENCY("latency-p99-100ms", Measure.LATENCY_P99, 100_000),
    /** Accuracy under 95 % of the profile's. */
    ACCURACY("accuracy-5pct", Measure.ACCURACY, Double.NaN);

    private static final double OF_BASELINE = 0.95;

    private final String key;
    private final Measure measure;
    private final double threshold;

    FixedRule(String key, Measure measure, double threshold) {
        this.key = key;
        this.measure = measure;
        this.threshold = threshold;
    }

    /** The rule of a name. */
    public static Optional<FixedRule> named(String key) {
        return Arrays.stream(values()).filter(rule -> rule.key.equals(key)).findFirst();
    }

    public String key() {
        return key;
    }

    public Measure measure() {
        return measure;
    }

    /** Its levels against a profile; without a threshold where it needs a performance that the profile lacks. */
    public Level level(Profile profile, double leave) {
        if (this != ACCURACY) {
            return Level.of(measure.worse(), threshold, 0, leave);
        }
        double baseline = profile.performance()
                .map(PerformanceReference::total)
                .map(measure::of)
                .orElse(Double.NaN);
        return Level.of(measure.worse(), OF_BASELINE * baseline, baseline, leave);
    }
}
