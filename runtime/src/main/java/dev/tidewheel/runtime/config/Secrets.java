package dev.tidewheel.runtime.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Keeps passwords out of logs and error messages. */
public final class Secrets {
    private static final String MASK = "****";

    /** {@code //user:password@}, up to the last {@code @}: better too much is hidden than too little. */
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("(://[^/?#@\\s:]*:)\\S*@");

    /** {@code //password@}, as Redis takes it. */
    private static final Pattern PASSWORD_ALONE = Pattern.compile("(://)[^/?#@\\s:]+@");

    private static final Pattern PARAMETER =
            Pattern.compile("(?i)([?&;][^=&;?\\s]*(?:password|passwd|secret|token|credential)[^=&;?\\s]*=)[^&;\\s]*");

    private Secrets() {}

    /** The text with the passwords of any URIs in it replaced. */
    public static String mask(String text) {
        String masked = text;
        for (Pattern pattern : List.of(USER_AND_PASSWORD, PASSWORD_ALONE)) {
            masked = pattern.matcher(masked).replaceAll("$1" + MASK + "@");
        }
        return PARAMETER.matcher(masked).replaceAll("$1" + MASK);
    }

    /** The properties in order of their names, with the values that are secret by name replaced. */
    public static Map<String, String> mask(Map<String, String> properties) {
        Map<String, String> masked = new TreeMap<>();
        properties.forEach((name, value) -> masked.put(name, secretByName(name) ? MASK : mask(value)));
        return masked;
    }

    private static boolean secretByName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("password")
                || lower.contains("secret")
                || lower.contains("jaas")
                || lower.contains("token")
                || lower.contains("credential")
                || lower.endsWith(".key");
    }
}
