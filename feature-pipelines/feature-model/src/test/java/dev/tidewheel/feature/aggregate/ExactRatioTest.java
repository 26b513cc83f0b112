package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactRatioTest {
    private static final BigInteger ONE = BigInteger.ONE;

    @Test
    void whatFitsADoubleDividesLikeDoubles() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long numerator = random.nextLong() >> (11 + random.nextInt(52));
            long denominator = 1 + (random.nextLong() >>> (12 + random.nextInt(51)));
            double actual = ExactRatio.toDouble(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator), 0);
            assertThat(actual).isEqualTo((double) numerator / (double) denominator + 0.0);
        }
    }

    @Test
    void decimalsRoundAsTheJdkParsesThem() {
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            BigInteger numerator = new BigInteger(1 + random.nextInt(300), random);
            int exponent = random.nextInt(2_500) - 1_300;
            BigDecimal exact = exponent < 0
                    ? new BigDecimal(numerator).divide(new BigDecimal(ONE.shiftLeft(-exponent)))
                    : new BigDecimal(numerator.shiftLeft(exponent));
            assertThat(ExactRatio.toDouble(numerator, ONE, exponent))
                    .as("%s · 2^%d", numerator, exponent)
                    .isEqualTo(Double.parseDouble(exact.toString()));
        }
    }

    @Test
    void tiesGoToTheEvenMantissa() {
        BigInteger even = ONE.shiftLeft(53);
        assertThat(ExactRatio.toDouble(even.add(ONE), ONE, 0)).isEqualTo(0x1p53);
        assertThat(ExactRatio.toDouble(even.add(BigInteger.valueOf(3)), ONE, 0)).isEqualTo(0x1p53 + 4);
        assertThat(ExactRatio.toDouble(ONE, ONE, -1075)).isEqualTo(0.0);
        assertThat(ExactRatio.toDouble(BigInteger.valueOf(3), ONE, -1075)).isEqualTo(2 * Double.MIN_VALUE);
    }

    @Test
    void beyondTheRangeIsInfinite() {
        assertThat(ExactRatio.toDouble(ONE.negate(), ONE, 1024)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(ExactRatio.toDouble(ONE.shiftLeft(54).subtract(ONE), ONE, 970))
                .isEqualTo(Double.POSITIVE_INFINITY);
    }
}
