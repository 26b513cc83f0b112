package dev.tidewheel.history.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.history.OnlineSimulation;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.util.List;
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

    @Test
    void answersCountOnceAndShadowsApart() {
        OnlinePerformance online = new OnlinePerformance("late-arrival");
        Inference row = new OnlineSimulation(new Random(1), 100, OnlineSimulation.Fault.NONE)
                .ask(1)
                .log
                .get(0);
        add(online, row, "a", "champion", "1", 0.9);
        add(online, row, "a", "shadow", "2", 0.1);
        online.add(Inference.newBuilder(row)
                .setRequestId("b")
                .setArm("canary")
                .setModelVersion("2")
                .setStatus(InferenceStatus.MODEL_ERROR)
                .setPrediction(List.of())
                .build());
        add(online, row, "b", "champion", "1", 0.2);
        add(online, row, "c", "canary", "2", 0.8);
        for (String request : List.of("a", "b", "c")) {
            online.add(new Label(request, 0, "late-arrival", "late", request.equals("b") ? 0.0 : 1.0, 1L));
        }

        assertThat(online.predicted()).isEqualTo(3);
        assertThat(online.failed()).isZero();
        assertThat(online.versions()).containsExactly("1", "2");
        assertThat(online.shadows()).containsExactly("2");
        assertThat(online.result().brier()).isCloseTo((0.01 + 0.04 + 0.04) / 3, within(1e-12));
        assertThat(online.result("1").rows()).isEqualTo(2);
        assertThat(online.result("2").brier()).isCloseTo(0.04, within(1e-12));
        assertThat(online.shadow("2").brier()).isCloseTo(0.81, within(1e-12));
        assertThat(online.shadow("1").rows()).isZero();
    }

    @Test
    void aRowOfAnErasedEntityIsNeitherAnswerNorFailure() {
        OnlinePerformance online = new OnlinePerformance("late-arrival");
        Inference row = Inference.newBuilder(new OnlineSimulation(new Random(1), 100, OnlineSimulation.Fault.NONE)
                        .ask(1)
                        .log
                        .get(0))
                .build();
        ErasedInferences.empty(row, "01234567");
        online.add(row);

        assertThat(online.predicted()).isZero();
        assertThat(online.failed()).isZero();
    }

    private static void add(
            OnlinePerformance online, Inference row, String request, String arm, String version, double prediction) {
        online.add(Inference.newBuilder(row)
                .setRequestId(request)
                .setArm(arm)
                .setModelVersion(version)
                .setPrediction(List.of(prediction))
                .build());
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
