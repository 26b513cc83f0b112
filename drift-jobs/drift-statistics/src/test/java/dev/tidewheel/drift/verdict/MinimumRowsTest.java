package dev.tidewheel.drift.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.drift.distance.JensenShannon;
import dev.tidewheel.drift.distance.KolmogorovSmirnov;
import dev.tidewheel.drift.distance.Psi;
import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MinimumRowsTest {
    @Test
    void quantilesAreThoseOfTheTables() {
        assertThat(ChiSquared.quantile(0.95, 1)).isCloseTo(3.841458820694124, within(1e-9));
        assertThat(ChiSquared.quantile(0.5, 2)).isCloseTo(2 * Math.log(2), within(1e-9));
        assertThat(ChiSquared.quantile(0.99, 10)).isCloseTo(23.209251158954356, within(1e-9));
        assertThat(ChiSquared.quantile(0.999, 11)).isCloseTo(31.264133620239985, within(1e-9));
        assertThatThrownBy(() -> ChiSquared.quantile(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysHowManyRowsAreNeeded() {
        assertThat(MinimumRows.forPsi(0.3, 11, 0.01)).isEqualTo(78);
        assertThat(MinimumRows.forKolmogorovSmirnov(0.1, 0.01)).isEqualTo(265);
        assertThat(MinimumRows.forJensenShannon(0.1, 11, 0.01)).isEqualTo(419);
    }

    /** Windows of so many rows without any drift: how often does noise alone come to the threshold? */
    @Test
    void noiseAloneRarelyComesToTheThreshold() {
        Random random = new Random(20010225);
        double[] sample = random.doubles(200_000).toArray();
        Counts reference = new Counts(Edges.quantiles(sample, 10));
        for (double value : sample) {
            reference.add(value);
        }
        int windows = 2_000;
        int psi = 0;
        int js = 0;
        int ks = 0;
        for (int window = 0; window < windows; window++) {
            psi += new Psi().between(reference, noise(reference, random, MinimumRows.forPsi(0.1, 10, 0.01))) >= 0.1
                    ? 1
                    : 0;
            js += new JensenShannon()
                                    .between(
                                            reference,
                                            noise(reference, random, MinimumRows.forJensenShannon(0.1, 10, 0.01)))
                            >= 0.1
                    ? 1
                    : 0;
            ks += new KolmogorovSmirnov()
                                    .between(
                                            reference,
                                            noise(reference, random, MinimumRows.forKolmogorovSmirnov(0.1, 0.01)))
                            >= 0.1
                    ? 1
                    : 0;
        }
        assertThat(psi).isBetween(1, windows * 2 / 100);
        assertThat(js).isBetween(1, windows * 2 / 100);
        assertThat(ks).isLessThan(windows / 100);
    }

    private static Counts noise(Counts reference, Random random, long rows) {
        Counts window = new Counts(reference.edges());
        random.doubles(rows).forEach(window::add);
        return window;
    }
}
