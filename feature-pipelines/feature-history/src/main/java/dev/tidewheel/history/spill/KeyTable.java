package dev.tidewheel.history.spill;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers keys from 0 in the order in which they come. Not thread-safe. */
final class KeyTable {
    private static final int LEAST_SLOTS = 256;
    /** A hash, a number, a reference, two slots. */
    private static final int BYTES_PER_KEY = 32;
    /** A string's header and its array's. */
    private static final int BYTES_PER_TEXT = 48;

    private int[] slots = new int[LEAST_SLOTS]; // 0 for none, else the key's number plus 1
    private long[] hashes = new long[LEAST_SLOTS];
    private long[] numbers = new long[LEAST_SLOTS];
    private @Nullable String[] texts = new String[LEAST_SLOTS]; // null where the key is a number's text
    private int size;
    private long textBytes;

    /** The number of a key that is the text of an integer. */
    int of(long integer) {
        long hash = KeyHash.of(integer);
        int slot = (int) hash & slots.length - 1;
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            if (hashes[entry - 1] == hash && texts[entry - 1] == null) {
                return entry - 1;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return insert(slot, hash, integer, null);
    }

    /** The number of a key that is no integer's text. */
    int of(String key) {
        long hash = KeyHash.ofOther(key);
        int slot = (int) hash & slots.length - 1;
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            if (hashes[entry - 1] == hash && key.equals(texts[entry - 1])) {
                return entry - 1;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return insert(slot, hash, 0, key);
    }

    int size() {
        return size;
    }

    long hash(int number) {
        return hashes[number];
    }

    String text(int number) {
        String text = texts[number];
        return text == null ? Long.toString(numbers[number]) : text;
    }

    /** The numbers of all keys, in the order of keys. */
    int[] ordered() {
        int numberBits = Integer.SIZE - Integer.numberOfLeadingZeros(size);
        long numberMask = (1L << numberBits) - 1;
        long[] packed = new long[size]; // the hash's first bits, signed as they are compared, then the number
        for (int number = 0; number < size; number++) {
            packed[number] = (hashes[number] ^ Long.MIN_VALUE) & ~numberMask | number;
        }
        Arrays.sort(packed);
        int[] ordered = new int[size];
        for (int i = 0; i < size; i++) {
            int number = (int) (packed[i] & numberMask);
            int at = i;
            while (at > 0 && compare(ordered[at - 1], number) > 0) { // of equal first bits
                ordered[at] = ordered[at - 1];
                at--;
            }
            ordered[at] = number;
        }
        return ordered;
    }

    private int compare(int left, int right) {
        int byHash = Long.compareUnsigned(hashes[left], hashes[right]);
        return byHash != 0 ? byHash : text(left).compareTo(text(right));
    }

    /** About how many bytes it takes. */
    long bytes() {
        return size * (long) BYTES_PER_KEY + textBytes;
    }

    void clear() {
        Arrays.fill(slots, 0);
        Arrays.fill(texts, 0, size, null);
        size = 0;
        textBytes = 0;
    }

    private int insert(int slot, long hash, long number, @Nullable String text) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
            numbers = Arrays.copyOf(numbers, size * 2);
            texts = Arrays.copyOf(texts, size * 2);
        }
        hashes[size] = hash;
        numbers[size] = number;
        texts[size] = text;
        textBytes += text == null ? 0 : BYTES_PER_TEXT + 2L * text.length();
        slots[slot] = ++size;
        if (size * 2 > slots.length) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        for (int number = 0; number < size; number++) {
            int slot = (int) hashes[number] & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = number + 1;
        }
    }
}
