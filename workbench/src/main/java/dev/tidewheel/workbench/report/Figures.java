package dev.tidewheel.workbench.report;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How numbers are written in reports. */
final class Figures {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    /** So many characters of a digest tell it from others. */
    private static final int SHORT = 12;

    private Figures() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String rate(double perSecond) {
        return count(Math.round(perSecond)) + "/s";
    }

    static String auc(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static String loss(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String millis(double value) {
        return value < 10
                ? String.format(Locale.ROOT, "%.1f ms", value)
                : String.format(Locale.ROOT, "%,.0f ms", value);
    }

    static String seconds(double value) {
        return value < 10 ? String.format(Locale.ROOT, "%.1f s", value) : String.format(Locale.ROOT, "%,.0f s", value);
    }

    static String moment(Instant instant) {
        return MOMENT.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    /** The event that started a training: an alert by the beginning of its digest, which is unique enough for people. */
    static String trigger(String event) {
        String[] parts = event.split("/");
        return parts.length > 1 && parts[0].equals("alert")
                ? "alert " + parts[1].substring(0, Math.min(SHORT, parts[1].length()))
                : parts[0];
    }
}
