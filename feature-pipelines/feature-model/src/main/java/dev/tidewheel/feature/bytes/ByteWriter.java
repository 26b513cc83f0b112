package dev.tidewheel.feature.bytes;

import java.util.Arrays;

/**
 * Appends to a growing array. Integers are little-endian base 128 ("varint"), signed ones zigzagged first, so that small
 * magnitudes take one byte. The counterpart of {@link ByteReader}. Not thread-safe.
 */
public final class ByteWriter {
    private static final int FEW_BYTES = 128;

    private byte[] buffer;
    private int size;

    /** For a few bytes, or more. */
    public ByteWriter() {
        this(FEW_BYTES);
    }

    /** For about so many bytes, or more. */
    public ByteWriter(int expected) {
        buffer = new byte[expected];
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    /** The array itself, of which the first {@link #size()} bytes were written. Do not change it; the next write may replace it. */
    public byte[] array() {
        return buffer;
    }

    /** Begins again, in the same array. */
    public void clear() {
        size = 0;
    }

    /** The lowest eight bits. */
    public void writeByte(int value) {
        ensure(1);
        buffer[size++] = (byte) value;
    }

    /** Four bytes, most significant first. */
    public void writeFixedInt(int value) {
        ensure(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            buffer[size++] = (byte) (value >>> shift);
        }
    }

    /** Seven bits per byte, read as unsigned: one byte below 128, ten for a negative number. */
    public void writeUnsigned(long value) {
        if ((value & ~0x7FL) == 0) {
            writeByte((int) value);
        } else {
            writeLonger(value);
        }
    }

    private void writeLonger(long value) {
        ensure(10);
        byte[] to = buffer;
        int at = size;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        size = at;
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

    /** Bytes of an array as they are, without a length. */
    public void writeRange(byte[] bytes, int from, int to) {
        ensure(to - from);
        System.arraycopy(bytes, from, buffer, size, to - from);
        size += to - from;
    }

    /** A length and that many UTF-16 units as varints: lossless even for halves of surrogate pairs. */
    public void writeString(String text) {
        int length = text.length();
        writeUnsigned(length);
        ensure(length);
        int written = writeAscii(text);
        for (int i = written; i < length; i++) {
            writeUnsigned(text.charAt(i));
        }
    }

    /** As many units as are ASCII, which is most often all; there is room for them. */
    private int writeAscii(String text) {
        byte[] to = buffer;
        int from = size;
        int length = text.length();
        int i = 0;
        while (i < length && text.charAt(i) < 0x80) {
            to[from + i] = (byte) text.charAt(i);
            i++;
        }
        size = from + i;
        return i;
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
