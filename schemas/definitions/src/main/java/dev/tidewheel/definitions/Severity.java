package dev.tidewheel.definitions;

import java.util.Arrays;
import java.util.Locale;

/** How urgent an alert is, the least urgent first. */
public enum Severity {
    /** Worth knowing; starts nothing unless a retraining names its rule. */
    INFO,
    /** Somebody should look. */
    WARNING,
    /** Somebody should look now. */
    CRITICAL;

    /** As it is written: {@code warning}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException if no severity is written so
     */
    public static Severity of(String word) {
        return Arrays.stream(values())
                .filter(severity -> severity.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no severity is written '" + word + "'"));
    }
}
