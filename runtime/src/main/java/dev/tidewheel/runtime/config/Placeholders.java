package dev.tidewheel.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ${env:NAME}} stands for an environment variable and {@code ${file:PATH}} for a file's content without its last
 * line break, as Kubernetes mounts secrets. Both are resolved once, at load, and never inside what they resolved to.
 */
final class Placeholders implements Function<String, String> {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    private final Map<String, String> environment;

    Placeholders(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String apply(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> Matcher.quoteReplacement(resolve(match.group(1))));
    }

    private String resolve(String reference) {
        if (reference.startsWith("env:")) {
            return variable(reference.substring("env:".length()));
        }
        if (reference.startsWith("file:")) {
            return content(Path.of(reference.substring("file:".length())));
        }
        throw new IllegalArgumentException(
                "unknown placeholder '${" + reference + "}'; write ${env:NAME} or ${file:/path}");
    }

    private String variable(String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalArgumentException("environment variable " + name + " is not set; set it before the start");
        }
        return value;
    }

    private static String content(Path path) {
        try {
            return Files.readString(path).stripTrailing();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + path + ": " + e, e);
        }
    }
}
