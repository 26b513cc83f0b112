package dev.tidewheel.store.redis;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoreFormatException;
import dev.tidewheel.store.StoredState;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes around a state's two halves. All numbers are big-endian.
 *
 * <pre>
 * head   0  format, 1                      base   0  format, 1
 *        1  kind: 0 state, 1 tombstone            1  digest of the bytes that follow
 *        2  version: knownTime, biased            9  the base
 *       10  version: routed, biased
 *       18  flush: attempt
 *       26  flush: subtask (4 bytes)
 *       30  flush: number
 *       38  digest of the base, 0 for none
 *       46  the head
 * </pre>
 *
 * <p>The version stands at a fixed place and is biased (its sign bit flipped), so that scripts compare it as unsigned
 * words and look at nothing else. The digest, the first 8 bytes of SHA-256, says which base a head is of. A generation
 * would not do: two attempts that fold at different moments have different bases of the same generation.
 */
final class Envelope {
    private static final byte FORMAT = 1;
    private static final byte STATE = 0;
    private static final byte TOMBSTONE = 1;
    private static final int HEAD_BYTES = 46;
    private static final int BASE_BYTES = 9;
    private static final byte[] NOTHING = {};

    private Envelope() {}

    static byte[] head(StoredState state) {
        return head(STATE, state.version(), state.flush(), digest(state.base()), state.head());
    }

    static byte[] tombstone(Version version, FlushId flush) {
        return head(TOMBSTONE, version, flush, 0, NOTHING);
    }

    /** Empty for an empty base: the store then holds no base at all. */
    static byte[] base(byte[] base) {
        if (base.length == 0) {
            return NOTHING;
        }
        return ByteBuffer.allocate(BASE_BYTES + base.length)
                .put(FORMAT)
                .putLong(digest(base))
                .put(base)
                .array();
    }

    private static byte[] head(byte kind, Version version, FlushId flush, long base, byte[] head) {
        return ByteBuffer.allocate(HEAD_BYTES + head.length)
                .put(FORMAT)
                .put(kind)
                .putLong(version.knownTime() ^ Long.MIN_VALUE)
                .putLong(version.routed() ^ Long.MIN_VALUE)
                .putLong(flush.attempt())
                .putInt(flush.subtask())
                .putLong(flush.flush())
                .putLong(base)
                .put(head)
                .array();
    }

    /** Whether bytes, at least the first two of a head, are those of a tombstone. */
    static boolean isTombstone(byte[] head) {
        return head.length > 1 && head[0] == FORMAT && head[1] == TOMBSTONE;
    }

    /** Whether the base, or its absence, is the one that the head was written with. */
    static boolean belongTogether(byte[] head, byte @Nullable [] base) {
        long wanted = open(head).getLong(38);
        return base == null ? wanted == 0 : wanted == openBase(base).getLong(1);
    }

    /**
     * @throws StoreFormatException if either is not what this class writes
     */
    static StoredState state(byte[] head, byte @Nullable [] base) {
        ByteBuffer bytes = open(head).position(2);
        Version version = new Version(bytes.getLong() ^ Long.MIN_VALUE, bytes.getLong() ^ Long.MIN_VALUE);
        FlushId flush = new FlushId(bytes.getLong(), bytes.getInt(), bytes.getLong());
        return new StoredState(
                version,
                flush,
                base == null ? NOTHING : rest(openBase(base).position(BASE_BYTES)),
                rest(bytes.position(HEAD_BYTES)));
    }

    private static ByteBuffer open(byte[] head) {
        if (head.length < HEAD_BYTES || head[0] != FORMAT) {
            throw new StoreFormatException("a head of " + describe(head) + ", not of format " + FORMAT
                    + ": another program, or a newer one, wrote it");
        }
        return ByteBuffer.wrap(head);
    }

    private static ByteBuffer openBase(byte[] base) {
        if (base.length < BASE_BYTES || base[0] != FORMAT) {
            throw new StoreFormatException("a base of " + describe(base) + ", not of format " + FORMAT
                    + ": another program, or a newer one, wrote it");
        }
        return ByteBuffer.wrap(base);
    }

    private static String describe(byte[] bytes) {
        return bytes.length + " bytes" + (bytes.length == 0 ? "" : " and format " + bytes[0]);
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    /** Never 0 for bytes: 0 says that there are none. */
    private static long digest(byte[] base) {
        if (base.length == 0) {
            return 0;
        }
        long digest = ByteBuffer.wrap(sha256().digest(base)).getLong();
        return digest == 0 ? 1 : digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
