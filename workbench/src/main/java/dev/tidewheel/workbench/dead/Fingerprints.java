package dev.tidewheel.workbench.dead;

import dev.tidewheel.workbench.WorkbenchException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A set of texts in eight bytes each, of bounded size: the first 64 bits of their SHA-256 in an open-addressed table, at
 * most half full. Two of a million texts share their bits with a probability of about 3e-8. Not thread-safe.
 */
final class Fingerprints {
    private static final int SMALLEST = 1 << 10;
    /** 16 Mi slots, 128 MiB: eight million texts. */
    private static final int LARGEST = 1 << 24;

    private final MessageDigest digest;
    private long[] slots = new long[SMALLEST];
    private int size;

    Fingerprints() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** @return whether it is new */
    boolean add(String text) {
        long bits = bits(text);
        int slot = slot(slots, bits);
        if (slots[slot] == bits) {
            return false;
        }
        slots[slot] = bits;
        size++;
        if (size > slots.length / 2) {
            grow();
        }
        return true;
    }

    boolean contains(String text) {
        long bits = bits(text);
        return slots[slot(slots, bits)] == bits;
    }

    int size() {
        return size;
    }

    /** Never 0, which stands for a free slot. */
    private long bits(String text) {
        long bits = ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
        return bits == 0 ? 1 : bits;
    }

    private static int slot(long[] slots, long bits) {
        int slot = (int) (bits & (slots.length - 1));
        while (slots[slot] != 0 && slots[slot] != bits) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void grow() {
        if (slots.length == LARGEST) {
            throw new WorkbenchException(
                    "more than " + size + " dead letters at once do not fit into memory; ask for fewer with --since");
        }
        long[] larger = new long[2 * slots.length];
        for (long bits : slots) {
            if (bits != 0) {
                larger[slot(larger, bits)] = bits;
            }
        }
        slots = larger;
    }
}
