package dev.tidewheel.drift.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PerformanceTest {
    /** The expected numbers come from a script that shares no code with ours. */
    @Test
    void givesTheNumbersOfAnIndependentScript() {
        double[] probabilities = {0.1, 0.4, 0.35, 0.8, 0.5, 0.0, 1.0, 0.65};
        double[] labels = {0, 0, 1, 1, 0, 0, 1, 1};
        Performance performance = new Performance();
        for (int row = 0; row < labels.length; row++) {
            performance.add(probabilities[row], labels[row]);
        }

        PerformanceValues values = performance.values();
        assertThat(values.rows()).isEqualTo(8);
        assertThat(values.accuracy()).isEqualTo(0.75);
        assertThat(values.logLoss()).isCloseTo(0.3766352389861382, within(1e-12));
        assertThat(values.brier()).isCloseTo(0.125625, within(1e-12));
        assertThat(values.auc()).isCloseTo(0.875, within(1e-12));
        assertThat(values.calibrationError()).isCloseTo(0.275, within(1e-12));
        assertThat(values.labelShare()).isEqualTo(0.5);
    }

    @Test
    void agreesWithTheDefinitions() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 30; run++) {
            List<double[]> rows = rows(random, 200);
            Performance performance = performance(rows);
            double logLoss = 0;
            double brier = 0;
            double ordered = 0;
            double pairs = 0;
            double shared = 0;
            for (double[] row : rows) {
                double given = Math.min(1 - 1e-15, Math.max(1e-15, row[0]));
                logLoss -= Math.log(row[1] == 1 ? given : 1 - given) / rows.size();
                brier += (row[0] - row[1]) * (row[0] - row[1]) / rows.size();
                for (double[] other : rows) {
                    if (row[1] == 1 && other[1] == 0) {
                        pairs++;
                        ordered += row[0] > other[0] ? 1 : row[0] == other[0] ? 0.5 : 0;
                        shared += (int) (row[0] * 1_000) == (int) (other[0] * 1_000) ? 1 : 0;
                    }
                }
            }
            assertThat(performance.logLoss()).as("seed %d", seed).isCloseTo(logLoss, within(1e-9));
            assertThat(performance.brier()).as("seed %d", seed).isCloseTo(brier, within(1e-9));
            assertThat(performance.auc())
                    .as("seed %d", seed)
                    .isCloseTo(ordered / pairs, within(shared / pairs / 2 + 1e-12));
        }
    }

    @Test
    void mergedPartsAreTheWholeInAnyOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<double[]> rows = rows(random, 500);
        Performance whole = performance(rows);
        Collections.shuffle(rows, random);
        Performance parts = performance(rows.subList(100, 500));
        parts.merge(performance(rows.subList(0, 100)));

        assertThat(parts).as("seed %d", seed).isEqualTo(whole);
        assertThat(parts.values()).as("seed %d", seed).isEqualTo(whole.values());
        assertThat(Performance.of(whole.cells())).as("seed %d", seed).isEqualTo(whole);
    }

    @Test
    void aCorrectedLabelLeavesNoTrace() {
        long seed = new Random().nextLong();
        List<double[]> rows = rows(new Random(seed), 300);
        Performance corrected = new Performance();
        rows.forEach(row -> corrected.add(row[0], 1 - row[1]));
        rows.forEach(row -> corrected.remove(row[0], 1 - row[1]));
        rows.forEach(row -> corrected.add(row[0], row[1]));

        assertThat(corrected).as("seed %d", seed).isEqualTo(performance(rows));
    }

    @Test
    void nothingHasNoPerformance() {
        PerformanceValues values = new Performance().values();
        assertThat(values.rows()).isZero();
        assertThat(new double[] {
                    values.accuracy(),
                    values.logLoss(),
                    values.auc(),
                    values.brier(),
                    values.calibrationError(),
                    values.labelShare()
                })
                .containsOnly(Double.NaN);
    }

    @Test
    void oneClassHasNoOrder() {
        Performance performance = new Performance();
        performance.add(0.9, 1);
        performance.add(0.2, 1);
        assertThat(performance.auc()).isNaN();
        assertThat(performance.accuracy()).isEqualTo(0.5);
        assertThat(performance.values().labelShare()).isEqualTo(1);
    }

    @Test
    void certaintyThatIsWrongCostsAFiniteLoss() {
        Performance performance = new Performance();
        performance.add(1, 0);
        assertThat(performance.logLoss()).isCloseTo(-Math.log(1 - (1 - 1e-15)), within(1e-9));
    }

    @Test
    void refusesWhatIsNoProbabilityAndNoClass() {
        Performance performance = new Performance();
        assertThatThrownBy(() -> performance.add(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> performance.add(1.01, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> performance.add(0.5, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> performance.add(0.5, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<double[]> rows(Random random, int count) {
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            double probability = random.nextInt(10) == 0 ? random.nextInt(2) : random.nextDouble();
            rows.add(new double[] {probability, random.nextDouble() < probability ? 1 : 0});
        }
        return rows;
    }

    private static Performance performance(List<double[]> rows) {
        Performance performance = new Performance();
        rows.forEach(row -> performance.add(row[0], row[1]));
        return performance;
    }
}
