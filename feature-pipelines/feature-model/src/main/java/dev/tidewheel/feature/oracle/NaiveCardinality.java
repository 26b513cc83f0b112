package dev.tidewheel.feature.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A HyperLogLog by its definition: XXH64 over bytes, the registers' greatest ranks, Ertl's formula term by term. */
final class NaiveCardinality {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;
    private static final int TERMS = 64;

    private NaiveCardinality() {}

    static byte[] bytes(long word, @Nullable String text) {
        return text == null
                ? ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(word)
                        .array()
                : units(text);
    }

    /** UTF-16, little-endian; no charset, because those replace what is no character. */
    private static byte[] units(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * text.length()).order(ByteOrder.LITTLE_ENDIAN);
        text.chars().forEach(unit -> bytes.putChar((char) unit));
        return bytes.array();
    }

    static long estimate(Collection<byte[]> values, int precision) {
        int[] registers = new int[1 << precision];
        for (byte[] value : values) {
            long hash = hash(value);
            int register = (int) (hash >>> (64 - precision));
            int zeros = 0;
            while (zeros < 64 - precision && (hash >>> (63 - precision - zeros) & 1) == 0) {
                zeros++;
            }
            registers[register] = Math.max(registers[register], zeros + 1);
        }
        int q = 64 - precision;
        double m = registers.length;
        double empty = 0;
        double full = 0;
        double sum = 0;
        for (int rank : registers) {
            empty += rank == 0 ? 1 : 0;
            full += rank == q + 1 ? 1 : 0;
            sum += rank >= 1 && rank <= q ? Math.pow(2, -rank) : 0;
        }
        double denominator = m * sigma(empty / m) + sum + m * tau(1 - full / m) * Math.pow(2, -q);
        return empty == m ? 0 : Math.round(m * m / (2 * Math.log(2)) / denominator);
    }

    private static double sigma(double x) {
        double sum = x;
        for (int k = 1; k < TERMS; k++) {
            sum += Math.pow(x, Math.pow(2, k)) * Math.pow(2, k - 1);
        }
        return sum;
    }

    private static double tau(double x) {
        double sum = 1 - x;
        for (int k = 1; k < TERMS; k++) {
            sum -= Math.pow(1 - Math.pow(x, Math.pow(2, -k)), 2) * Math.pow(2, -k);
        }
        return sum / 3;
    }

    /** XXH64 with seed 0, step by step as its specification has them. */
    static long hash(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        long acc = P5;
        if (input.length >= 32) {
            long[] accs = {Long.sum(P1, P2), P2, 0, -P1};
            while (in.remaining() >= 32) {
                for (int lane = 0; lane < 4; lane++) {
                    accs[lane] = round(accs[lane], in.getLong());
                }
            }
            acc = Long.rotateLeft(accs[0], 1)
                    + Long.rotateLeft(accs[1], 7)
                    + Long.rotateLeft(accs[2], 12)
                    + Long.rotateLeft(accs[3], 18);
            for (long lane : accs) {
                acc = (acc ^ round(0, lane)) * P1 + P4;
            }
        }
        acc += input.length;
        while (in.remaining() >= 8) {
            acc = Long.rotateLeft(acc ^ round(0, in.getLong()), 27) * P1 + P4;
        }
        if (in.remaining() >= 4) {
            acc = Long.rotateLeft(acc ^ (in.getInt() & 0xFFFFFFFFL) * P1, 23) * P2 + P3;
        }
        while (in.hasRemaining()) {
            acc = Long.rotateLeft(acc ^ (in.get() & 0xFF) * P5, 11) * P1;
        }
        acc = (acc ^ acc >>> 33) * P2;
        acc = (acc ^ acc >>> 29) * P3;
        return acc ^ acc >>> 32;
    }

    private static long round(long acc, long lane) {
        return Long.rotateLeft(acc + lane * P2, 31) * P1;
    }
}
