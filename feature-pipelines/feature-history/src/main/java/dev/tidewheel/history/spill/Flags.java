package dev.tidewheel.history.spill;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.util.function.IntPredicate;

/** Flags, such as which columns are null: eight to a byte, the first in the lowest bit. */
public final class Flags {
    private Flags() {}

    /** Writes so many flags. */
    public static void write(int count, IntPredicate flags, ByteWriter to) {
        for (int from = 0; from < count; from += Byte.SIZE) {
            int byteOfFlags = 0;
            for (int n = from; n < Math.min(count, from + Byte.SIZE); n++) {
                byteOfFlags |= (flags.test(n) ? 1 : 0) << n - from;
            }
            to.writeByte(byteOfFlags);
        }
    }

    /** Reads as many flags as the array holds. */
    public static void read(boolean[] flags, ByteReader from) {
        int byteOfFlags = 0;
        for (int n = 0; n < flags.length; n++) {
            byteOfFlags = n % Byte.SIZE == 0 ? from.readByte() : byteOfFlags >> 1;
            flags[n] = (byteOfFlags & 1) != 0;
        }
    }
}
