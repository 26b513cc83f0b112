package dev.tidewheel.workbench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AucTest {
    @Test
    void knownCases() {
        assertThat(Auc.of(new double[] {0.1, 0.4, 0.35, 0.8}, new boolean[] {false, false, true, true}))
                .isCloseTo(0.75, within(1e-12));
        assertThat(Auc.of(new double[] {1, 1, 1}, new boolean[] {true, false, true}))
                .isCloseTo(0.5, within(1e-12));
        assertThat(Auc.of(new double[] {1, 2}, new boolean[] {true, true})).isNaN();
        assertThat(Auc.of(new double[0], new boolean[0])).isNaN();
    }

    @Test
    void equalsTheDefinition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int rows = 2 + random.nextInt(40);
            double[] scores = random.doubles(rows)
                    .map(score -> Math.round(score * 8) / 8.0)
                    .toArray();
            boolean[] positive = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                positive[i] = random.nextBoolean();
            }
            double expected = naive(scores, positive);
            if (Double.isNaN(expected)) {
                assertThat(Auc.of(scores, positive)).as("seed %d", seed).isNaN();
            } else {
                assertThat(Auc.of(scores, positive)).as("seed %d", seed).isCloseTo(expected, within(1e-12));
            }
        }
    }

    private static double naive(double[] scores, boolean[] positive) {
        double wins = 0;
        long pairs = 0;
        for (int p = 0; p < scores.length; p++) {
            for (int n = 0; n < scores.length; n++) {
                if (positive[p] && !positive[n]) {
                    pairs++;
                    wins += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
                }
            }
        }
        return wins / pairs;
    }
}
