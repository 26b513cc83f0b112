package dev.tidewheel.modelserver.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a path of the protocol asks for. */
sealed interface Route {

    /** Whether the route is asked by POST; all others by GET. */
    default boolean post() {
        return false;
    }

    /** {@code /v2}. */
    record Server() implements Route {}

    /** {@code /v2/health/live}. */
    record Live() implements Route {}

    /** {@code /v2/health/ready}. */
    record Ready() implements Route {}

    /** {@code /v2/models/{model}[/versions/{version}]}; a null version is the newest. */
    record Metadata(String model, @Nullable String version) implements Route {}

    /** The same with {@code /ready}. */
    record ModelReady(String model, @Nullable String version) implements Route {}

    /** The same with {@code /infer}. */
    record Infer(String model, @Nullable String version) implements Route {
        @Override
        public boolean post() {
            return true;
        }
    }

    /** Finds the route of a path, if it is one of the protocol's. A slash at the end is accepted. */
    static Optional<Route> of(String path) {
        String[] parts = (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1);
        if (parts.length < 2 || !parts[0].isEmpty() || !parts[1].equals("v2")) {
            return Optional.empty();
        }
        return switch (parts.length) {
            case 2 -> Optional.of(new Server());
            case 4, 5, 6, 7 -> parts[2].equals("models") ? model(parts) : health(parts);
            default -> Optional.empty();
        };
    }

    private static Optional<Route> health(String[] parts) {
        if (parts.length != 4 || !parts[2].equals("health")) {
            return Optional.empty();
        }
        return switch (parts[3]) {
            case "live" -> Optional.of(new Live());
            case "ready" -> Optional.of(new Ready());
            default -> Optional.empty();
        };
    }

    private static Optional<Route> model(String[] parts) {
        String model = decode(parts[3]);
        boolean versioned = parts.length >= 6 && parts[4].equals("versions");
        String version = versioned ? decode(parts[5]) : null;
        int used = versioned ? 6 : 4;
        if (parts.length == used) {
            return Optional.of(new Metadata(model, version));
        }
        if (parts.length != used + 1) {
            return Optional.empty();
        }
        return switch (parts[used]) {
            case "ready" -> Optional.of(new ModelReady(model, version));
            case "infer" -> Optional.of(new Infer(model, version));
            default -> Optional.empty();
        };
    }

    private static String decode(String part) {
        try {
            // A plus is a plus in a path.
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not an encoding: then it is no name either, and is not found.
            return part;
        }
    }
}
