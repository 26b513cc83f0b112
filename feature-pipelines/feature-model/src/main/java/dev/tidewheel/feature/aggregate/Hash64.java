package dev.tidewheel.feature.aggregate;

/**
 * XXH64<sup>1</sup> with seed 0 of a few bytes, without making the bytes: a word counts as its 8 bytes and a text as its
 * UTF-16 units, two bytes each, little-endian. The same number on every machine and in every release: stored registers
 * depend on it.
 *
 * <p><sup>1</sup> Yann Collet, "xxHash fast digest algorithm", version 0.1.1,
 * <a href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">specification</a>.
 */
final class Hash64 {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    private static final int UNITS_PER_STRIPE = 16;
    private static final int UNITS_PER_WORD = 4;

    private Hash64() {}

    static long of(long word) {
        return avalanche(mixWord(PRIME_5 + Long.BYTES, word));
    }

    static long of(String text) {
        int at = 0;
        long hash = PRIME_5;
        if (text.length() >= UNITS_PER_STRIPE) {
            at = text.length() / UNITS_PER_STRIPE * UNITS_PER_STRIPE;
            hash = stripes(text, at);
        }
        hash += 2L * text.length();
        for (; at + UNITS_PER_WORD <= text.length(); at += UNITS_PER_WORD) {
            hash = mixWord(hash, word(text, at));
        }
        if (at + 2 <= text.length()) {
            long half = text.charAt(at) | (long) text.charAt(at + 1) << 16;
            hash = Long.rotateLeft(hash ^ half * PRIME_1, 23) * PRIME_2 + PRIME_3;
            at += 2;
        }
        if (at < text.length()) {
            hash = mixByte(mixByte(hash, text.charAt(at) & 0xFF), text.charAt(at) >> 8);
        }
        return avalanche(hash);
    }

    private static long stripes(String text, int end) {
        long[] lanes = {Long.sum(PRIME_1, PRIME_2), PRIME_2, 0, -PRIME_1};
        for (int at = 0; at < end; at += UNITS_PER_STRIPE) {
            for (int lane = 0; lane < lanes.length; lane++) {
                lanes[lane] = round(lanes[lane], word(text, at + lane * UNITS_PER_WORD));
            }
        }
        long hash = Long.rotateLeft(lanes[0], 1)
                + Long.rotateLeft(lanes[1], 7)
                + Long.rotateLeft(lanes[2], 12)
                + Long.rotateLeft(lanes[3], 18);
        for (long lane : lanes) {
            hash = (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
        }
        return hash;
    }

    private static long word(String text, int at) {
        return text.charAt(at)
                | (long) text.charAt(at + 1) << 16
                | (long) text.charAt(at + 2) << 32
                | (long) text.charAt(at + 3) << 48;
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * PRIME_2, 31) * PRIME_1;
    }

    private static long mixWord(long hash, long word) {
        return Long.rotateLeft(hash ^ round(0, word), 27) * PRIME_1 + PRIME_4;
    }

    private static long mixByte(long hash, int value) {
        return Long.rotateLeft(hash ^ value * PRIME_5, 11) * PRIME_1;
    }

    private static long avalanche(long mixed) {
        long hash = (mixed ^ mixed >>> 33) * PRIME_2;
        hash = (hash ^ hash >>> 29) * PRIME_3;
        return hash ^ hash >>> 32;
    }
}
