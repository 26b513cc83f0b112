package dev.tidewheel.history.spill;

/**
 * Where a key stands in the order of keys. Equal texts have equal hashes; different numbers have different ones, so a
 * key that is the canonical text of a number is known by its hash among numbers.
 *
 * <p>The mixing is the finalizer of MurmurHash3 by Austin Appleby (variant 13 of David Stafford's), which is invertible.
 */
public final class KeyHash {
    private static final long PRIME = 0x9E3779B185EBCA87L;
    private static final int LONGEST_NUMBER = 20;

    private KeyHash() {}

    /** Of a number's text. */
    public static long of(long number) {
        long hash = number;
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }

    /** Of any text. */
    public static long of(String text) {
        return isNumber(text) ? of(Long.parseLong(text)) : ofOther(text);
    }

    /** Of a text that is no number's. */
    static long ofOther(String text) {
        long hash = PRIME * (text.length() + 1L);
        for (int i = 0; i < text.length(); i++) {
            hash = (Long.rotateLeft(hash, 5) ^ text.charAt(i)) * PRIME;
        }
        return of(hash);
    }

    /** Whether a text is what {@link Long#toString(long)} makes of a number. */
    static boolean isNumber(String text) {
        int length = text.length();
        int first = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        if (first == length || length > LONGEST_NUMBER) {
            return false;
        }
        for (int i = first; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        if (length < LONGEST_NUMBER - 1) { // So many digits always are a number's, if there is no nought before them.
            return text.charAt(first) != '0' || length == 1;
        }
        try {
            return Long.toString(Long.parseLong(text)).equals(text);
        } catch (NumberFormatException tooLong) {
            return false;
        }
    }

    /** The order of keys, and of partitions. */
    static int compare(long leftHash, String left, long rightHash, String right) {
        int byHash = Long.compareUnsigned(leftHash, rightHash);
        return byHash != 0 ? byHash : left.compareTo(right);
    }
}
