package dev.tidewheel.history.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.records.Label;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PerformanceTest {

    @Test
    void theAucIsTheShareOfPairsInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        double[] predictions =
                random.doubles(200).map(p -> Math.rint(p * 20) / 20).toArray();
        double[] labels = random.doubles(200).map(p -> p < 0.3 ? 1 : 0).toArray();

        assertThat(Performance.of(predictions, labels).auc())
                .as("seed %d", seed)
                .isCloseTo(byPairs(predictions, labels), within(1e-12));
    }

    @Test
    void lossesAreMeans() {
        Performance performance = Performance.of(new double[] {0.5, 0.9, 0}, new double[] {1, 1, 0});

        assertThat(performance.logLoss()).isCloseTo(-(Math.log(0.5) + Math.log(0.9)) / 3, within(1e-12));
        assertThat(performance.brier()).isCloseTo((0.25 + 0.01) / 3, within(1e-12));
        assertThat(performance.positives()).isEqualTo(2);
    }

    @Test
    void withoutBothClassesThereIsNoAuc() {
        assertThat(Performance.of(new double[] {0.1, 0.2}, new double[] {1, 1}).auc())
                .isNaN();
        assertThat(Performance.of(new double[] {}, new double[] {}).logLoss()).isNaN();
    }

    @Test
    void theLabelKnownLastCounts() {
        OnlinePerformance online = new OnlinePerformance("m");
        online.add(new Label("r", 0, "m", "late", 1.0, 20L));
        online.add(new Label("r", 0, "m", "late", 0.0, 10L));
        online.add(new Label("r", 0, "other", "late", 0.0, 30L));

        assertThat(online.result().rows()).isZero();
        assertThat(online.predicted()).isZero();
    }

    private static double byPairs(double[] predictions, double[] labels) {
        double inOrder = 0;
        long pairs = 0;
        for (int p = 0; p < labels.length; p++) {
            for (int n = 0; n < labels.length; n++) {
                if (labels[p] == 1 && labels[n] == 0) {
                    pairs++;
                    inOrder += predictions[p] > predictions[n] ? 1 : predictions[p] == predictions[n] ? 0.5 : 0;
                }
            }
        }
        return inOrder / pairs;
    }
}
