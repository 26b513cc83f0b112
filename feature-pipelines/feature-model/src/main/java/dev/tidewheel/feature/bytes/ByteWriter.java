package dev.tidewheel.feature.bytes;

import java.util.Arrays;

/**
 * Appends to a growing array. Integers are little-endian base 128 ("varint"), signed ones zigzagged first, so that small
 * magnitudes take one byte. The counterpart of {@link ByteReader}. Not thread-safe.
 */
public final class ByteWriter {
    private byte[] buffer = new byte[128];
    private int size;

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    /** The lowest eight bits. */
    public void writeByte(int value) {
        ensure(1);
        buffer[size++] = (byte) value;
    }

    /** Four bytes, most significant first. */
    public void writeFixedInt(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            writeByte(value >>> shift);
        }
    }

    /** Seven bits per byte, read as unsigned: one byte below 128, ten for a negative number. */
    public void writeUnsigned(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    /** Zigzag: one byte for −64 to 63. */
    public void writeSigned(long value) {
        writeUnsigned((value << 1) ^ (value >> 63));
    }

    /** Eight bytes of IEEE 754, every NaN as the same one. */
    public void writeDouble(double value) {
        long bits = Double.doubleToLongBits(value);
        writeFixedInt((int) (bits >>> 32));
        writeFixedInt((int) bits);
    }

    /** A length and that many bytes. */
    public void writeBytes(byte[] bytes) {
        writeUnsigned(bytes.length);
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    /** A length and that many UTF-16 units as varints: lossless even for halves of surrogate pairs. */
    public void writeString(String text) {
        writeUnsigned(text.length());
        for (int i = 0; i < text.length(); i++) {
            writeUnsigned(text.charAt(i));
        }
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
