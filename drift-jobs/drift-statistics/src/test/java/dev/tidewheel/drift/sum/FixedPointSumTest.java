package dev.tidewheel.drift.sum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedPointSumTest {
    private static final BigDecimal HALF_UNIT = new BigDecimal(0x1p-41);

    @Test
    void isAsNearAsItSays() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            List<Double> values = values(random, 100);
            BigDecimal exact = BigDecimal.ZERO;
            FixedPointSum sum = new FixedPointSum();
            for (double value : values) {
                exact = exact.add(new BigDecimal(value));
                sum.add(value);
            }
            BigDecimal bound =
                    HALF_UNIT.multiply(BigDecimal.valueOf(values.size())).add(new BigDecimal(Math.ulp(sum.value())));
            assertThat(new BigDecimal(sum.value()).subtract(exact).abs())
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(bound);
        }
    }

    @Test
    void hasEqualBitsInAnyOrderAndGrouping() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Double> values = values(random, 500);
        FixedPointSum whole = sum(values);

        Collections.shuffle(values, random);
        int cut = random.nextInt(values.size());
        FixedPointSum parts = sum(values.subList(cut, values.size()));
        parts.merge(sum(values.subList(0, cut)));

        assertSame(parts, whole, "seed " + seed);
    }

    @Test
    void takesBackWhatWasAdded() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Double> values = values(random, 500);
        FixedPointSum kept = sum(values.subList(0, 200));
        FixedPointSum all = sum(values);
        FixedPointSum unmerged = sum(values);

        values.subList(200, 500).forEach(all::subtract);
        unmerged.unmerge(sum(values.subList(200, 500)));

        assertSame(all, kept, "seed " + seed);
        assertSame(unmerged, kept, "seed " + seed);
    }

    @Test
    void wholeNumbersAreExact() {
        FixedPointSum sum = new FixedPointSum();
        for (int i = 0; i < 1_000; i++) {
            sum.add(978_912_000_123.0);
            sum.add(-0x1p52);
        }
        assertThat(sum.value()).isEqualTo(1_000 * 978_912_000_123.0 - 1_000 * 0x1p52);
        assertThat(new FixedPointSum(sum.high(), sum.low()).value()).isEqualTo(sum.value());
    }

    @Test
    void whatIsTooLargeCountsAsTheLargest() {
        FixedPointSum sum = new FixedPointSum();
        sum.add(1e300);
        assertThat(sum.value()).isEqualTo(0x1p52);
        sum.subtract(Double.MAX_VALUE);
        assertThat(sum.value()).isZero();
        sum.add(Double.MIN_VALUE);
        assertThat(sum.value()).isZero();
    }

    @Test
    void refusesWhatIsNoNumber() {
        FixedPointSum sum = new FixedPointSum();
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> sum.add(value)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<Double> values(Random random, int count) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(random.nextGaussian() * Math.pow(10, random.nextInt(22) - 9));
        }
        return values;
    }

    private static FixedPointSum sum(List<Double> values) {
        FixedPointSum sum = new FixedPointSum();
        values.forEach(sum::add);
        return sum;
    }

    private static void assertSame(FixedPointSum actual, FixedPointSum expected, String what) {
        assertThat(actual.high()).as(what).isEqualTo(expected.high());
        assertThat(actual.low()).as(what).isEqualTo(expected.low());
    }
}
