package dev.tidewheel.sidecar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Splits requests by their id: the first 53 bits of the SHA-256 of its UTF-8 bytes, as a fraction of 2<sup>53</sup>, must
 * lie below the share. So a request goes the same way whenever and wherever it is asked, and a growing share keeps whoever
 * it had. Nothing of the traffic goes into the hash: the steps of one canary are nested.
 */
final class Split {
    private static final double UNIT = 0x1p-53;

    private Split() {}

    /** Whether a share of the requests contains this one. */
    static boolean takes(String requestId, double share) {
        return place(requestId) < share;
    }

    /** Where a request lies: evenly spread over [0, 1), exact in a double. */
    static double place(String requestId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(StandardCharsets.UTF_8));
            return (ByteBuffer.wrap(digest).getLong() >>> 11) * UNIT;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
