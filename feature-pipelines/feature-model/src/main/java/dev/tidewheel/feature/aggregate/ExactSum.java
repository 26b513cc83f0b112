package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum without any rounding, of integers, finite doubles, their products and their powers up to the fourth. The value is a number, not a history: equal
 * bits in any order, and taking a summand away undoes adding it.
 *
 * <p>It is a superaccumulator after Neal's "small" one.<sup>1</sup> Chunk c is a signed 64-bit integer of weight
 * 2<sup>32c</sup>; a summand is split into 32-bit pieces, each added to its chunk without carrying, so that 2<sup>30</sup>
 * summands fit before carries have to be moved up. Neal's holds the full range of doubles; this one also holds fourth
 * powers (2<sup>−4296</sup> to 2<sup>4096</sup>), and allocates only the span of chunks that it has touched. Most sums are of
 * integers and stay small: they live in {@code units} alone, with no chunk at all. Mutable, not thread-safe.
 *
 * <p><sup>1</sup> Radford M. Neal, "Fast exact summation using small and large superaccumulators", 2015,
 * <a href="https://arxiv.org/abs/1505.05571">arXiv:1505.05571</a>.
 */
final class ExactSum {
    private static final long[] NONE = {};
    private static final int CHUNK_BITS = 32;
    private static final long CHUNK_MASK = 0xFFFF_FFFFL;
    private static final int MAX_DEPOSITS = 1 << 30;
    private static final double MAX_EXACT_INTEGER = 1L << 53;
    private static final long MAX_SQUARABLE = 1L << 31;
    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_BIAS = 1075;
    private static final int MAX_EXPONENT = 8192;

    private long units;
    private long[] chunks = NONE;
    private int lowest;
    private int deposits;

    /** Adds an integer. */
    void add(long value) {
        long sum = units + value;
        if (((units ^ sum) & (value ^ sum)) < 0) {
            deposit(units, 0);
            units = value;
        } else {
            units = sum;
        }
    }

    /** Adds {@code value · 2^32}. */
    void addShifted(long value) {
        if (value == (int) value) {
            add(value << CHUNK_BITS);
        } else {
            deposit(value, CHUNK_BITS);
        }
    }

    /** Subtracts an integer. */
    void subtract(long value) {
        if (value == Long.MIN_VALUE) {
            add(Long.MAX_VALUE);
            add(1);
        } else {
            add(-value);
        }
    }

    /** Adds a finite double. */
    void add(double value) {
        if (isWhole(value)) {
            add((long) value);
            return;
        }
        long magnitude = mantissa(value);
        deposit(value < 0 ? -magnitude : magnitude, exponent(value));
    }

    /** Adds the square of an integer, or takes it away. */
    void addSquare(long value, boolean negative) {
        if (value > -MAX_SQUARABLE && value < MAX_SQUARABLE) {
            add(negative ? -(value * value) : value * value);
            return;
        }
        long low = value * value;
        long sign = negative ? -1 : 1;
        deposit(sign * Math.multiplyHigh(value, value), 2 * CHUNK_BITS);
        deposit(sign * (low >>> CHUNK_BITS), CHUNK_BITS);
        deposit(sign * (low & CHUNK_MASK), 0);
    }

    /** Adds the square of a finite double, or takes it away. */
    void addSquare(double value, boolean negative) {
        if (Math.abs(value) < MAX_SQUARABLE && value == (long) value) {
            addSquare((long) value, negative);
            return;
        }
        long mantissa = mantissa(value);
        int exponent = 2 * exponent(value);
        long high = mantissa >>> 27;
        long low = mantissa & ((1 << 27) - 1);
        long sign = negative ? -1 : 1;
        deposit(sign * high * high, exponent + 54);
        deposit(sign * 2 * high * low, exponent + 27);
        deposit(sign * low * low, exponent);
    }

    /** Adds the n-th power of an integer, or takes it away. */
    void addPower(long value, int n, boolean negative) {
        addPower(value, 0, n, negative);
    }

    /** Adds the n-th power of a finite double, or takes it away. */
    void addPower(double value, int n, boolean negative) {
        if (isWhole(value)) {
            addPower((long) value, 0, n, negative);
        } else {
            int zeros = Long.numberOfTrailingZeros(mantissa(value));
            addPower(signedMantissa(value) >> zeros, exponent(value) + zeros, n, negative);
        }
    }

    private void addPower(long odd, int exponent, int n, boolean negative) {
        if (bits(odd) * n < Long.SIZE - 1) {
            long power = odd;
            for (int i = 1; i < n; i++) {
                power *= odd;
            }
            addScaled(negative ? -power : power, exponent * n);
        } else {
            BigInteger power = BigInteger.valueOf(odd).pow(n);
            deposit(negative ? power.negate() : power, exponent * n);
        }
    }

    /** Adds the product of two integers, or takes it away. */
    void addProduct(long left, long right, boolean negative) {
        addProduct(left, right, 0, negative);
    }

    /** Adds the product of an integer and a finite double, or takes it away. */
    void addProduct(long left, double right, boolean negative) {
        if (isWhole(right)) {
            addProduct(left, (long) right, 0, negative);
        } else {
            addProduct(left, signedMantissa(right), exponent(right), negative);
        }
    }

    /** Adds the product of two finite doubles, or takes it away. */
    void addProduct(double left, double right, boolean negative) {
        if (isWhole(left)) {
            addProduct((long) left, right, negative);
        } else if (isWhole(right)) {
            addProduct((long) right, left, negative);
        } else {
            addProduct(signedMantissa(left), signedMantissa(right), exponent(left) + exponent(right), negative);
        }
    }

    private void addProduct(long left, long right, int exponent, boolean negative) {
        if (bits(left) + bits(right) < Long.SIZE - 1) {
            long product = left * right;
            addScaled(negative ? -product : product, exponent);
        } else {
            BigInteger product = BigInteger.valueOf(left).multiply(BigInteger.valueOf(right));
            deposit(negative ? product.negate() : product, exponent);
        }
    }

    /** Adds {@code value · 2^exponent}. */
    void addScaled(double value, int exponent) {
        deposit(signedMantissa(value), exponent(value) + exponent);
    }

    private void addScaled(long value, int exponent) {
        if (exponent == 0) {
            add(value);
        } else {
            deposit(value, exponent);
        }
    }

    /** Adds what the other holds. */
    void merge(ExactSum other) {
        add(other.units);
        if (other.chunks.length > 0) {
            meet(other);
            for (int i = 0; i < other.chunks.length; i++) {
                chunks[other.lowest - lowest + i] += other.chunks[i];
            }
        }
    }

    /** Takes away what the other holds. */
    void subtract(ExactSum other) {
        subtract(other.units);
        if (other.chunks.length > 0) {
            meet(other);
            for (int i = 0; i < other.chunks.length; i++) {
                chunks[other.lowest - lowest + i] -= other.chunks[i];
            }
        }
    }

    /** Makes room for the other's chunks. */
    private void meet(ExactSum other) {
        if (other.deposits > MAX_DEPOSITS / 2) {
            other.carry();
        }
        if (deposits > MAX_DEPOSITS / 2) {
            carry();
        }
        span(other.lowest, other.lowest + other.chunks.length - 1);
        deposits += other.deposits;
    }

    /** Whether the sum is 0. */
    boolean isZero() {
        return chunks.length == 0 ? units == 0 : scaled().signum() == 0;
    }

    /** Whether {@link #units} alone is the sum. */
    boolean isSmall() {
        return chunks.length == 0;
    }

    /** The sum, if {@link #isSmall}. */
    long units() {
        return units;
    }

    /** The sum divided by 2^{@link #scale}. */
    BigInteger scaled() {
        BigInteger sum = BigInteger.ZERO;
        for (int i = chunks.length - 1; i >= 0; i--) {
            sum = sum.shiftLeft(CHUNK_BITS).add(BigInteger.valueOf(chunks[i]));
        }
        int scale = scale();
        return sum.shiftLeft(lowest * CHUNK_BITS - scale)
                .add(BigInteger.valueOf(units).shiftLeft(-scale));
    }

    /** The power of two that {@link #scaled} leaves out; at most 0. */
    int scale() {
        return Math.min(0, lowest * CHUNK_BITS);
    }

    /** Two forms, each the only one for its numbers: a zigzag integer where that can be, else odd times a power of two. */
    void encode(ByteWriter out) {
        settle();
        if (isSmall()) {
            out.writeByte(0);
            out.writeSigned(units);
            return;
        }
        BigInteger scaled = scaled();
        int zeros = scaled.getLowestSetBit();
        out.writeByte(1);
        out.writeSigned((long) scale() + zeros);
        out.writeBytes(scaled.shiftRight(zeros).toByteArray());
    }

    /** Reads what {@link #encode} wrote. */
    static ExactSum decode(ByteReader in) {
        ExactSum sum = new ExactSum();
        int form = in.readByte();
        if (form == 0) {
            sum.units = in.readSigned();
        } else if (form == 1) {
            sum.depositAll(in.readSigned(), in.readBytes());
        } else {
            throw new IllegalArgumentException("a sum has form 0 or 1, got " + form);
        }
        return sum;
    }

    private void depositAll(long exponent, byte[] odd) {
        if (Math.abs(exponent) > MAX_EXPONENT || odd.length == 0 || odd.length > MAX_EXPONENT / 4) {
            throw new IllegalArgumentException("a sum of " + odd.length + " bytes · 2^" + exponent);
        }
        for (int i = 0; i < odd.length; i++) {
            long piece = i == 0 ? odd[0] : odd[i] & 0xFF;
            deposit(piece, (int) exponent + 8 * (odd.length - 1 - i));
        }
        carry();
    }

    /** Goes back to {@code units} alone when the sum allows it. */
    void settle() {
        if (chunks.length == 0) {
            return;
        }
        BigInteger scaled = scaled();
        int scale = scale();
        if (scaled.signum() != 0 && scaled.getLowestSetBit() < -scale) {
            return;
        }
        BigInteger whole = scaled.shiftRight(-scale);
        if (whole.bitLength() < Long.SIZE) {
            units = whole.longValue();
            chunks = NONE;
            lowest = 0;
            deposits = 0;
        }
    }

    private void deposit(long value, int exponent) {
        if (value == 0) {
            return;
        }
        int chunk = Math.floorDiv(exponent, CHUNK_BITS);
        int shift = Math.floorMod(exponent, CHUNK_BITS);
        long magnitude = Math.abs(value); // 2^63 for Long.MIN_VALUE, read as unsigned
        boolean negative = value < 0;
        long middle = shift == 0 ? magnitude >>> CHUNK_BITS : magnitude >>> (CHUNK_BITS - shift) & CHUNK_MASK;
        long high = shift == 0 ? 0 : magnitude >>> (2 * CHUNK_BITS - shift);
        span(chunk, high != 0 ? chunk + 2 : middle != 0 ? chunk + 1 : chunk);
        put(chunk, magnitude << shift & CHUNK_MASK, negative);
        put(chunk + 1, middle, negative);
        put(chunk + 2, high, negative);
        if (++deposits >= MAX_DEPOSITS) {
            carry();
        }
    }

    private void deposit(BigInteger value, int exponent) {
        BigInteger magnitude = value.abs();
        for (int shift = 0; shift < magnitude.bitLength(); shift += CHUNK_BITS) {
            long piece = magnitude.shiftRight(shift).longValue() & CHUNK_MASK;
            deposit(value.signum() < 0 ? -piece : piece, exponent + shift);
        }
    }

    private void put(int chunk, long piece, boolean negative) {
        if (piece != 0) {
            chunks[chunk - lowest] += negative ? -piece : piece;
        }
    }

    private void span(int from, int to) {
        if (chunks.length == 0) {
            chunks = new long[to - from + 1];
            lowest = from;
            return;
        }
        int newLowest = Math.min(lowest, from);
        int newHighest = Math.max(lowest + chunks.length - 1, to);
        int newLength = newHighest - newLowest + 1;
        if (newLength != chunks.length) {
            long[] wider = new long[newLength];
            System.arraycopy(chunks, 0, wider, lowest - newLowest, chunks.length);
            chunks = wider;
            lowest = newLowest;
        }
    }

    /** Leaves 32 bits in every chunk but the highest, which keeps the sign. */
    void carry() {
        long carried = 0;
        for (int i = 0; i < chunks.length; i++) {
            long sum = chunks[i] + carried;
            boolean highest = i == chunks.length - 1;
            if (highest && sum == (int) sum) {
                chunks[i] = sum;
                carried = 0;
            } else {
                chunks[i] = sum & CHUNK_MASK;
                carried = sum >> CHUNK_BITS;
            }
        }
        if (carried != 0) {
            chunks = Arrays.copyOf(chunks, chunks.length + 1);
            chunks[chunks.length - 1] = carried;
        }
        deposits = 1;
    }

    private static long mantissa(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & ((1L << MANTISSA_BITS) - 1);
        return exponentField(bits) == 0 ? fraction : fraction | 1L << MANTISSA_BITS;
    }

    private static long signedMantissa(double value) {
        return value < 0 ? -mantissa(value) : mantissa(value);
    }

    private static boolean isWhole(double value) {
        return Math.abs(value) <= MAX_EXACT_INTEGER && value == (long) value;
    }

    /** So many bits hold the magnitude; 64 for the smallest integer, which has no positive counterpart. */
    private static int bits(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(Math.abs(value));
    }

    private static int exponent(double value) {
        return Math.max(1, exponentField(Double.doubleToRawLongBits(value))) - EXPONENT_BIAS;
    }

    private static int exponentField(long bits) {
        return (int) (bits >>> MANTISSA_BITS) & 0x7FF;
    }

    @Override
    public String toString() {
        if (isSmall()) {
            return Long.toString(units);
        }
        return Double.toString(ExactRatio.toDouble(scaled(), BigInteger.ONE, scale()));
    }
}
