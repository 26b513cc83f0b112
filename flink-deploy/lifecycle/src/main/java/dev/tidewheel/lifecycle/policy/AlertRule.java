package dev.tidewheel.lifecycle.policy;

import org.jspecify.annotations.Nullable;

/**
 * An alert that starts a retraining.
 *
 * @param rule one of the monitor's rules; null for all but those of severity info
 */
public record AlertRule(String monitor, @Nullable String rule) {
    private static final String INFO = "info";

    /** @param severity of the alert, in lower case */
    public boolean matches(@Nullable String monitor, @Nullable String rule, String severity) {
        if (!this.monitor.equals(monitor)) {
            return false;
        }
        return this.rule == null ? !INFO.equals(severity) : this.rule.equals(rule);
    }
}
