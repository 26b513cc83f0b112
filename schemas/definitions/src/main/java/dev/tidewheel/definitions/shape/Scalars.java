package dev.tidewheel.definitions.shape;

import dev.tidewheel.feature.window.Window;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From texts to values. Empty where the text is no such value. */
public final class Scalars {
    static final String DURATION_PATTERN = "[0-9]{1,9}(ms|s|m|h|d)";
    static final String SIZE_PATTERN = "[0-9]{1,9}(B|KiB|MiB|GiB)";
    /** The window without a tail. */
    public static final String LIFETIME = "lifetime";

    static final List<String> THRESHOLD_WORDS = List.of("calibrated", "baseline");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,19}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]{1,40}(\\.[0-9]{0,40})?([eE][-+]?[0-9]{1,3})?");
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Scalars() {}

    /** A positive length of time up to a hundred years. */
    public static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        return count > 0 && duration.compareTo(LONGEST) <= 0 ? Optional.of(duration) : Optional.empty();
    }

    /** A duration, or zero, which is written without a unit. */
    public static Optional<Duration> resolution(String text) {
        return text.equals("0") ? Optional.of(Duration.ZERO) : duration(text);
    }

    /** A positive number of bytes. */
    public static OptionalLong size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long unit = switch (matcher.group(2)) {
            case "B" -> 1;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            default -> 1L << 30;
        };
        long bytes = Long.parseLong(matcher.group(1)) * unit;
        return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
    }

    /** A sliding window with its default resolution, or the lifetime. */
    public static Optional<Window> window(String text) {
        if (text.equals(LIFETIME)) {
            return Optional.of(new Window.Lifetime());
        }
        return duration(text).map(length -> Window.Sliding.of(length.toMillis()));
    }

    /** A whole number of 64 bits. */
    public static OptionalLong integer(String text) {
        if (!INTEGER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }

    /** A finite number. */
    public static OptionalDouble number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(text);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** A moment in UTC of the years 1 to 9999, without more than milliseconds. */
    public static Optional<Instant> instant(String text) {
        try {
            Instant instant = Instant.parse(text);
            boolean near = !instant.isBefore(EARLIEST) && instant.isBefore(LATEST);
            return near && instant.getNano() % 1_000_000 == 0 ? Optional.of(instant) : Optional.empty();
        } catch (DateTimeException notAnInstant) {
            return Optional.empty();
        }
    }
}
