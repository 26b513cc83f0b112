package dev.tidewheel.runtime.config;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that turns the key of an erased entity into a text that says nothing to whoever does not have it:
 * HMAC-SHA-256 (RFC 2104). Without a secret, the keys of a list could be found by trying all of them. Every process that
 * has to know erased entities again needs the same one; losing it means to forget who was erased. Travels in job graphs,
 * as passwords do.
 *
 * @param key at least 32 characters; write {@code ${env:NAME}} or {@code ${file:PATH}} where it is configured
 */
public record ErasureKey(String key) implements Serializable {
    private static final int SHORTEST = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int ID_BYTES = 4;
    /** Behind a length. */
    private static final byte END = 0;

    public ErasureKey {
        if (key.length() < SHORTEST) {
            throw new IllegalArgumentException("erasures.key: needs at least " + SHORTEST
                    + " characters, such as those of 'openssl rand -hex 32'");
        }
    }

    /** Tells keys apart without giving them away. */
    public String id() {
        byte[] whole = mac().doFinal("tidewheel erasures".getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(whole, 0, ID_BYTES);
    }

    /** Makes digests; one per thread. */
    public Digests digests() {
        return new Digests(mac());
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Makes digests of entities. Not thread-safe. */
    public static final class Digests {
        private final Mac mac;

        private Digests(Mac mac) {
            this.mac = mac;
        }

        /**
         * The digest of an entity, in hex.
         *
         * @param columns its key columns, sorted
         * @param values their canonical texts; lengths are digested too, so that no two entities are one text
         */
        public String of(List<String> columns, List<String> values) {
            for (int i = 0; i < columns.size(); i++) {
                add(columns.get(i));
                add(values.get(i));
            }
            return HexFormat.of().formatHex(mac.doFinal());
        }

        private void add(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            mac.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
            mac.update(END);
            mac.update(bytes);
        }
    }

    @Override
    public String toString() {
        return "ErasureKey[id=" + id() + "]";
    }
}
