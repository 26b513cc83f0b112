package dev.tidewheel.runtime.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The scalar types of configuration: how each is read from text and what to call it in a message. */
final class Scalars {
    private record Scalar(String name, Function<String, Object> reader) {}

    private static final Map<Class<?>, Scalar> SCALARS = Map.of(
            String.class, new Scalar("text", text -> text),
            int.class, new Scalar("a whole number", Scalars::integer),
            long.class, new Scalar("a whole number", Scalars::wholeNumber),
            double.class, new Scalar("a number", Scalars::number),
            boolean.class, new Scalar("true or false", Scalars::truth),
            Duration.class, new Scalar("a duration such as 5ms, 2s, 10m, 1h or 1d", Durations::parse),
            Instant.class, new Scalar("a moment such as 2001-02-05T06:00:00Z", Scalars::moment),
            DataSize.class, new Scalar("a size such as 64MB", DataSize::parse),
            Path.class, new Scalar("a path", Path::of),
            URI.class, new Scalar("an address", Scalars::address));

    private Scalars() {}

    /** @throws IllegalArgumentException if the text is not of the type */
    static Object parse(String text, Class<?> type) {
        return type.isEnum() ? constant(text, type) : scalar(type).reader().apply(text);
    }

    static String describe(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + constants(type);
        }
        Scalar scalar = SCALARS.get(type);
        return scalar == null ? type.getSimpleName() : scalar.name();
    }

    private static Scalar scalar(Class<?> type) {
        Scalar scalar = SCALARS.get(type);
        if (scalar == null) {
            throw new IllegalStateException("configuration records cannot hold " + type);
        }
        return scalar;
    }

    private static Object integer(String text) {
        long value = (Long) wholeNumber(text);
        if (value != (int) value) {
            throw new IllegalArgumentException("number too large: " + text);
        }
        return (int) value;
    }

    /** Underscores may group digits, as in Java. */
    private static Object wholeNumber(String text) {
        try {
            return Long.parseLong(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number, found '" + text + "'", e);
        }
    }

    private static Object number(String text) {
        try {
            double value = Double.parseDouble(text);
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("expected a finite number, found '" + text + "'");
            }
            return value;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number, found '" + text + "'", e);
        }
    }

    private static Object moment(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "expected a moment such as 2001-02-05T06:00:00Z, found '" + text + "'", e);
        }
    }

    private static Object truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false, found '" + text + "'");
        };
    }

    private static Object address(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // The cause quotes the text, and the text may hold a password.
            throw new IllegalArgumentException("not an address: '" + Secrets.mask(text) + "'");
        }
    }

    private static Object constant(String text, Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("expected one of " + constants(type) + ", found '" + text + "'"));
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
