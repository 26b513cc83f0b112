package dev.tidewheel.drift.verdict;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of alerts: the same finding always has the same id, however often it is computed and sent. */
public final class Alerts {
    private Alerts() {}

    /**
     * SHA-256 in hexadecimal over the seven parts, each as the number of its UTF-8 bytes in decimal, a colon and the bytes.
     */
    public static String id(
            String monitor,
            String rule,
            String model,
            String version,
            String feature,
            String segment,
            long windowStart) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part :
                    new String[] {monitor, rule, model, version, feature, segment, Long.toString(windowStart)}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
