package dev.tidewheel.definitions;

import java.util.Arrays;

/** Rules that many know by heart, under a name. When a monitor is read they become ordinary rules. */
enum FixedRule {
    PSI("psi-0.3", Measure.PSI, new Threshold.Fixed(0.3), "psi above 0.3, on every feature"),
    KS("ks-0.1", Measure.KS, new Threshold.Fixed(0.1), "ks above 0.1, on every feature"),
    LATENCY("latency-p99-100ms", Measure.LATENCY_P99, new Threshold.Fixed(100), "latency_p99 above 100 ms"),
    ACCURACY(
            "accuracy-5pct",
            Measure.ACCURACY,
            new Threshold.Baseline(0.05),
            "accuracy more than 5 % below the profile's, that is below 0.95 of it");

    private final String word;
    private final Measure measure;
    private final Threshold threshold;
    private final String meaning;

    FixedRule(String word, Measure measure, Threshold threshold, String meaning) {
        this.word = word;
        this.measure = measure;
        this.threshold = threshold;
        this.meaning = meaning;
    }

    /** As it is written. */
    String word() {
        return word;
    }

    Measure measure() {
        return measure;
    }

    Threshold threshold() {
        return threshold;
    }

    /** In a few words, for the documentation. */
    String meaning() {
        return meaning;
    }

    static FixedRule of(String word) {
        return Arrays.stream(values())
                .filter(rule -> rule.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fixed rule is written '" + word + "'"));
    }
}
