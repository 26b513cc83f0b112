package dev.tidewheel.feature.bytes;

import java.nio.charset.StandardCharsets;

/**
 * Reads what a {@link ByteWriter} wrote. Every method throws {@link IllegalArgumentException} with the position when the
 * bytes end too early or make no sense. Not thread-safe.
 */
public final class ByteReader {
    private static final int MOST_NUMBER_BYTES = 10;

    private final byte[] bytes;
    private int position;

    /** Reads from the start of the array, which must not change meanwhile. */
    public ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads from a position of the array. */
    public ByteReader(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    /** The array itself. Do not change it. */
    public byte[] array() {
        return bytes;
    }

    /** Where the next byte is read. */
    public int position() {
        return position;
    }

    /** Passes over bytes that were read before. */
    public void skip(int count) {
        if (count < 0 || count > bytes.length - position) {
            throw new IllegalArgumentException("cannot skip " + count + " bytes at " + position);
        }
        position += count;
    }

    /** Unsigned, 0 to 255. */
    public int readByte() {
        if (position >= bytes.length) {
            throw tooShort();
        }
        return bytes[position++] & 0xFF;
    }

    /** What {@link ByteWriter#writeFixedInt} wrote. */
    public int readFixedInt() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | readByte();
        }
        return value;
    }

    /** What {@link ByteWriter#writeUnsigned} wrote. */
    public long readUnsigned() {
        int at = position;
        if (at < bytes.length && bytes[at] >= 0) {
            position = at + 1;
            return bytes[at];
        }
        return readLonger();
    }

    private long readLonger() {
        int at = position;
        int end = Math.min(bytes.length, at + MOST_NUMBER_BYTES);
        long value = 0;
        for (int shift = 0; at < end; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                position = at;
                return value;
            }
        }
        throw endless(end);
    }

    /** Passes over a number of {@link ByteWriter#writeUnsigned} or {@link ByteWriter#writeSigned}. */
    public void skipNumber() {
        int at = position;
        int end = Math.min(bytes.length, at + MOST_NUMBER_BYTES);
        while (at < end && bytes[at] < 0) {
            at++;
        }
        if (at == end) {
            throw endless(end);
        }
        position = at + 1;
    }

    /** Of a number that has not ended there. */
    private IllegalArgumentException endless(int end) {
        boolean tooLong = end - position == MOST_NUMBER_BYTES;
        position = end;
        return tooLong
                ? new IllegalArgumentException("a number before byte " + end + " is longer than 64 bits")
                : tooShort();
    }

    private IllegalArgumentException tooShort() {
        return new IllegalArgumentException("the bytes end at " + bytes.length + ", within a value");
    }

    /** What {@link ByteWriter#writeSigned} wrote. */
    public long readSigned() {
        long zigzag = readUnsigned();
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    /** An unsigned number that counts things which take at least one byte each, so that garbage cannot ask for memory. */
    public int readLength() {
        long length = readUnsigned();
        if (length < 0 || length > bytes.length - position) {
            throw new IllegalArgumentException("a length of " + Long.toUnsignedString(length) + " before byte "
                    + position + ", but only " + (bytes.length - position) + " bytes are left");
        }
        return (int) length;
    }

    /** What {@link ByteWriter#writeDouble} wrote. */
    public double readDouble() {
        long high = readFixedInt();
        return Double.longBitsToDouble((high << 32) | (readFixedInt() & 0xFFFF_FFFFL));
    }

    /** What {@link ByteWriter#writeBytes} wrote. */
    public byte[] readBytes() {
        byte[] result = new byte[readLength()];
        System.arraycopy(bytes, position, result, 0, result.length);
        position += result.length;
        return result;
    }

    /** What {@link ByteWriter#writeString} wrote. */
    public String readString() {
        int length = readLength();
        int end = position;
        while (end - position < length && bytes[end] >= 0) {
            end++;
        }
        if (end - position < length) {
            return readUnits(length);
        }
        String ascii = new String(bytes, position, length, StandardCharsets.ISO_8859_1);
        position = end;
        return ascii;
    }

    private String readUnits(int length) {
        char[] units = new char[length];
        for (int i = 0; i < units.length; i++) {
            long unit = readUnsigned();
            if (unit < 0 || unit > Character.MAX_VALUE) {
                throw new IllegalArgumentException("no UTF-16 unit before byte " + position);
            }
            units[i] = (char) unit;
        }
        return new String(units);
    }

    /** Refuses bytes that follow the last value. */
    public void expectEnd() {
        if (position != bytes.length) {
            throw new IllegalArgumentException((bytes.length - position) + " bytes follow the last value");
        }
    }
}
