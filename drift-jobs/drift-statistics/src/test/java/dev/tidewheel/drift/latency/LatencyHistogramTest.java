package dev.tidewheel.drift.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void quantilesAreWithinAHundredth() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            long[] values = random.doubles(1 + random.nextInt(300), 0, 21)
                    .mapToLong(power -> (long) Math.exp(power))
                    .toArray();
            LatencyHistogram histogram = histogram(values);
            Arrays.sort(values);
            for (double q : new double[] {0, 0.01, 0.5, 0.9, 0.99, 1}) {
                long exact = values[(int) Math.max(0, Math.ceil(q * values.length - 1e-9) - 1)];
                assertThat(histogram.quantile(q)).as("seed %d", seed).isCloseTo(exact, within(exact / 100.0));
            }
        }
    }

    @Test
    void mergedPartsAreTheWholeInAnyOrder() {
        long[] values = new Random(3).longs(1_000, 0, 5_000_000).toArray();
        LatencyHistogram parts = histogram(Arrays.copyOfRange(values, 400, 1_000));
        parts.merge(histogram(Arrays.copyOfRange(values, 0, 400)));

        assertThat(parts).isEqualTo(histogram(values));
        assertThat(LatencyHistogram.of(parts.cells())).isEqualTo(parts);
        assertThat(parts.count()).isEqualTo(1_000);
    }

    @Test
    void theEndsAreExact() {
        assertThat(histogram(0).quantile(0.5)).isZero();
        assertThat(histogram(-5).quantile(0.5)).isZero();
        assertThat(histogram(49).quantile(1)).isEqualTo(49);
        assertThat(histogram(Long.MAX_VALUE).quantile(0.5)).isEqualTo(3_600_000_000.0);
        assertThat(histogram(1, 2, 3, 4).quantile(0.5)).isEqualTo(2);
    }

    @Test
    void ofNothingThereIsNoQuantile() {
        assertThat(new LatencyHistogram().quantile(0.99)).isNaN();
        assertThat(new LatencyHistogram().cells()).isEmpty();
        assertThatThrownBy(() -> new LatencyHistogram().quantile(99)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LatencyHistogram.of(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static LatencyHistogram histogram(long... micros) {
        LatencyHistogram histogram = new LatencyHistogram();
        Arrays.stream(micros).forEach(histogram::add);
        return histogram;
    }
}
