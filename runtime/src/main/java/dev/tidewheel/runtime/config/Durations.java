package dev.tidewheel.runtime.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: a whole number and one unit out of {@code ms, s, m, h, d}. */
public final class Durations {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s?(ms|s|m|h|d)");

    private Durations() {}

    /**
     * Reads {@code 5ms}, {@code 2s}, {@code 10m}, {@code 1h} or {@code 1d}; a bare {@code 0} needs no unit.
     *
     * @throws IllegalArgumentException for anything else; the message tells what to write
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a duration: '" + text + "'; write a whole number with a unit, such as 5ms, 2s, 10m, 1h or 1d");
        }
        try {
            return unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("duration too long: '" + text + "'", e);
        }
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }

    /** Writes a duration in the largest unit that divides it; {@link #parse} reads it back. Below 1 ms is dropped. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        String[] units = {"d", "h", "m", "s"};
        long[] sizes = {86_400_000, 3_600_000, 60_000, 1_000};
        for (int i = 0; i < units.length; i++) {
            if (millis % sizes[i] == 0) {
                return millis / sizes[i] + units[i];
            }
        }
        return millis + "ms";
    }
}
