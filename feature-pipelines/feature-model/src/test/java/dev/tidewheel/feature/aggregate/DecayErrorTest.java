package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.ColumnType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against powers of two to forty digits: the error is within what the documentation of {@link DecayPartial} states. */
class DecayErrorTest {
    private static final MathContext DIGITS = new MathContext(50);
    private static final BigDecimal LN_2 =
            new BigDecimal("0.69314718055994530941723212145817656807550013436025525412068");
    private static final BigDecimal BOUND = new BigDecimal(0x1p-50);

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 0.25", "3, 3600", "4, 86400", "5, 777.777"})
    void aSumIsWithinItsBoundOfTheRealNumber(long seed, double halfLife) {
        Random random = new Random(seed);
        long halfLifeMillis = Math.round(halfLife * 1_000);
        for (int round = 0; round < 20; round++) {
            Fold fold = Fold.of("decayed_sum", Operands.of(ColumnType.FLOAT64), Map.of("halfLife", halfLife));
            long t = 1_700_000_000_000L + random.nextInt(1_000_000);
            BigDecimal exact = BigDecimal.ZERO;
            BigDecimal magnitude = BigDecimal.ZERO;
            for (int i = random.nextInt(20); i >= 0; i--) {
                long time = t - 1 - (long) (random.nextDouble() * 100 * halfLifeMillis);
                double x = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
                fold.addAt(time, x);
                BigDecimal decayed = new BigDecimal(x).multiply(half(t - time, halfLifeMillis), DIGITS);
                exact = exact.add(decayed);
                magnitude = magnitude.add(decayed.abs());
            }
            BigDecimal error = new BigDecimal(fold.number(new ReadPoint(t, Long.MIN_VALUE))).subtract(exact);
            assertThat(error.abs()).as("seed %d, round %d", seed, round).isLessThanOrEqualTo(magnitude.multiply(BOUND));
        }
    }

    /** 2^(−age/halfLife): e to that times ln 2, halved until its series is short. */
    private static BigDecimal half(long age, long halfLife) {
        BigDecimal wholes = BigDecimal.ONE;
        for (long i = 0; i < age / halfLife; i++) {
            wholes = wholes.divide(BigDecimal.valueOf(2));
        }
        BigDecimal x = BigDecimal.valueOf(-(age % halfLife)).divide(BigDecimal.valueOf(halfLife), DIGITS);
        BigDecimal power = x.multiply(LN_2);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; i < 60; i++) {
            term = term.multiply(power).divide(BigDecimal.valueOf(i), DIGITS);
            sum = sum.add(term);
        }
        return sum.multiply(wholes, DIGITS);
    }

    @Test
    void aHalfLifeHalves() {
        Fold fold = Fold.of("decayed_sum", Operands.of(ColumnType.INT64), Map.of("halfLife", 10.0));
        fold.addAt(0, 8).addAt(10_000, 8);
        assertThat(fold.value(new ReadPoint(10_000, 0))).isEqualTo("12.0");
        assertThat(fold.value(new ReadPoint(30_000, 0))).isEqualTo("3.0");
        Fold mean = Fold.of("decayed_mean", Operands.of(ColumnType.INT64), Map.of("halfLife", 10.0));
        mean.addAt(0, 1).addAt(10_000, 4);
        assertThat(mean.value(new ReadPoint(10_000, 0))).isEqualTo("3.0");
        assertThat(mean.value(new ReadPoint(999_999, 0))).isEqualTo("3.0");
    }

    @Test
    void aSumOfLongAgoIsNoughtAndAMeanIsNot() {
        Map<String, Double> second = Map.of("halfLife", 1.0);
        ReadPoint late = new ReadPoint(10_000_000, 0);
        assertThat(Fold.of("decayed_sum", Operands.of(ColumnType.FLOAT64), second)
                        .addAll(-Double.MAX_VALUE)
                        .value(late))
                .isEqualTo("0.0");
        assertThat(Fold.of("decayed_mean", Operands.of(ColumnType.FLOAT64), second)
                        .addAll(5)
                        .value(late))
                .isEqualTo("5.0");
    }

    @Test
    void aMeanIsTheSameWheneverItIsRead() {
        Fold mean = Fold.of("decayed_mean", Operands.of(ColumnType.FLOAT64), Map.of("halfLife", 1.0));
        mean.addAt(0, 1e300).addAt(700, 2.5).addAt(2_000, -7.25).retractAt(0, 1e300);
        String soon = mean.value(new ReadPoint(2_001, 0));
        assertThat(soon).isNotEqualTo("NULL");
        assertThat(mean.value(new ReadPoint(2_176_000, 0))).isEqualTo(soon);
        assertThat(mean.value(new ReadPoint(1L << 60, 0))).isEqualTo(soon);
    }

    @Test
    void inAMeanWhatLiesTooFarBeforeTheNewestCountsNothing() {
        Map<String, Double> second = Map.of("halfLife", 1.0);
        Operands numbers = Operands.of(ColumnType.FLOAT64);
        Fold mean = Fold.of("decayed_mean", numbers, second);
        mean.addAt(0, Double.MAX_VALUE).addAt(3_000_000, 4.0);
        assertThat(mean.value(new ReadPoint(4_000_000, 0))).isEqualTo("4.0");
        mean.retractAt(3_000_000, 4.0);
        assertThat(mean.value(new ReadPoint(4_000_000, 0)))
                .as("a row is left, without weight beside the newest event, which was taken away")
                .isEqualTo("NULL");
    }

    @Test
    void extremesKeepTheirAccuracy() {
        Map<String, Double> second = Map.of("halfLife", 1.0);
        ReadPoint half = new ReadPoint(1_000, 0);
        Operands numbers = Operands.of(ColumnType.FLOAT64);
        assertThat(Fold.of("decayed_sum", numbers, second)
                        .addAll(Double.MAX_VALUE)
                        .value(half))
                .isEqualTo(Double.toString(Double.MAX_VALUE / 2));
        assertThat(Fold.of("decayed_sum", numbers, second)
                        .addAll(4 * Double.MIN_VALUE)
                        .value(half))
                .isEqualTo(Double.toString(2 * Double.MIN_VALUE));
        assertThat(Fold.of("decayed_sum", numbers, second)
                        .addAll(1, Double.POSITIVE_INFINITY)
                        .value(half))
                .isEqualTo("Infinity");
        assertThat(Fold.of("decayed_mean", numbers, second)
                        .addAll(1, Double.NaN)
                        .value(half))
                .isEqualTo("NaN");
        assertThat(Fold.of("decayed_mean", numbers, second).value(half)).isEqualTo("NULL");
    }
}
