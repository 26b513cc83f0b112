package dev.tidewheel.lifecycle.fold;

import java.util.Locale;

/**
 * An alert in a trigger's {@code detail}: {@code [warning] drift of origin_delays.mean_delay_24h …}. The severity comes
 * first, because a retraining may wait for all rules but the informative ones.
 */
public final class AlertDetail {
    private AlertDetail() {}

    public static String of(String severity, String summary) {
        return "[" + severity.toLowerCase(Locale.ROOT) + "] " + summary;
    }

    /** In lower case; empty if the detail names none. */
    public static String severity(String detail) {
        int end = detail.indexOf(']');
        return detail.startsWith("[") && end > 0 ? detail.substring(1, end) : "";
    }
}
