package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void equalsDecimalArithmeticWhateverIsAdded(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            ExactSum sum = new ExactSum();
            BigDecimal expected = BigDecimal.ZERO;
            int spread = 1 + random.nextInt(2_046);
            for (int i = random.nextInt(30); i >= 0; i--) {
                expected = expected.add(step(sum, random, spread));
                if (random.nextInt(6) == 0) {
                    sum.carry();
                }
                if (random.nextInt(6) == 0) {
                    sum = decode(encode(sum));
                }
            }
            assertThat(exact(sum)).as("seed %d, round %d", seed, round).isEqualByComparingTo(expected);
            assertThat(sum.isZero()).isEqualTo(expected.signum() == 0);
        }
    }

    private static BigDecimal step(ExactSum sum, Random random, int spread) {
        long whole = random.nextLong() >> random.nextInt(64);
        double number = number(random, spread);
        boolean negative = random.nextBoolean();
        BigDecimal decimal = new BigDecimal(number);
        switch (random.nextInt(6)) {
            case 0 -> {
                sum.add(whole);
                return BigDecimal.valueOf(whole);
            }
            case 1 -> {
                sum.subtract(whole);
                return BigDecimal.valueOf(whole).negate();
            }
            case 2 -> {
                sum.add(number);
                return decimal;
            }
            case 3 -> {
                sum.addSquare(whole, negative);
                return signed(BigDecimal.valueOf(whole).pow(2), negative);
            }
            case 4 -> {
                sum.addSquare(number, negative);
                return signed(decimal.pow(2), negative);
            }
            default -> {
                ExactSum other = new ExactSum();
                other.add(number);
                other.add(whole);
                sum.merge(other);
                return decimal.add(BigDecimal.valueOf(whole));
            }
        }
    }

    private static double number(Random random, int spread) {
        long exponent = random.nextInt(spread);
        long bits = (random.nextLong() & 0x800F_FFFF_FFFF_FFFFL) | (exponent << 52);
        return random.nextInt(4) == 0 ? random.nextInt() : Double.longBitsToDouble(bits);
    }

    private static BigDecimal signed(BigDecimal value, boolean negative) {
        return negative ? value.negate() : value;
    }

    private static BigDecimal exact(ExactSum sum) {
        BigDecimal scaled = new BigDecimal(sum.scaled());
        return scaled.divide(new BigDecimal(BigInteger.TWO.pow(-sum.scale())));
    }

    @Test
    void aSumHasOneEncodingHoweverItCameAbout() {
        ExactSum direct = new ExactSum();
        direct.add(3);
        ExactSum detour = new ExactSum();
        detour.add(Long.MAX_VALUE);
        detour.add(Long.MAX_VALUE);
        detour.add(0.25);
        detour.add(-0.25);
        detour.subtract(Long.MAX_VALUE);
        detour.subtract(Long.MAX_VALUE - 3);
        assertThat(encode(detour)).isEqualTo(encode(direct)).containsExactly(0, 6);
    }

    @Test
    void cancellationLosesNothing() {
        ExactSum sum = new ExactSum();
        sum.add(1e300);
        sum.add(1e-300);
        sum.add(-1e300);
        assertThat(ExactRatio.toDouble(sum.scaled(), BigInteger.ONE, sum.scale()))
                .isEqualTo(1e-300);
    }

    @Test
    void refusesBytesThatAreNoSum() {
        assertThatThrownBy(() -> decode(new byte[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a sum has form 0 or 1, got 2");
        assertThatThrownBy(() -> decode(new byte[] {1, 0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a sum of 0 bytes");
    }

    private static byte[] encode(ExactSum sum) {
        ByteWriter out = new ByteWriter();
        sum.encode(out);
        return out.toByteArray();
    }

    private static ExactSum decode(byte[] bytes) {
        return ExactSum.decode(new ByteReader(bytes));
    }
}
