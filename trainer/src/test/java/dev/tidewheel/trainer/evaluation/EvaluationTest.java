package dev.tidewheel.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static final double EXACT = 1e-15;

    @Test
    void auc_counts_pairs_and_halves_ties() {
        // Pairs (true, false): 0.8>0.1, 0.8>0.5, 0.5>0.1, 0.5=0.5: 3.5 of 4.
        assertThat(Auc.of(new double[] {0.1, 0.5, 0.5, 0.8}, new boolean[] {false, false, true, true}))
                .isEqualTo(3.5 / 4);
        assertThat(Auc.of(new double[] {0.1, 0.9}, new boolean[] {false, true})).isEqualTo(1);
        assertThat(Auc.of(new double[] {0.1, 0.9}, new boolean[] {true, false})).isEqualTo(0);
        assertThat(Auc.of(new double[] {0.3, 0.3, 0.3}, new boolean[] {true, false, true}))
                .isEqualTo(0.5);
        assertThat(Auc.of(new double[] {0.0, -0.0}, new boolean[] {true, false}))
                .isEqualTo(0.5);
    }

    @Test
    void auc_of_one_kind_of_label_is_undefined() {
        assertThat(Auc.of(new double[] {0.1, 0.9}, new boolean[] {true, true})).isNaN();
    }

    @Test
    void auc_refuses_nan() {
        assertThatThrownBy(() -> Auc.of(new double[] {0.1, Double.NaN}, new boolean[] {true, false}))
                .hasMessage("the prediction of row 1 is NaN");
    }

    @Test
    void auc_agrees_with_counting_every_pair() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int rows = 2 + random.nextInt(60);
            double[] predictions = new double[rows];
            boolean[] labels = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                predictions[i] = random.nextInt(8) / 8.0;
                labels[i] = i == 0 || i != 1 && random.nextBoolean();
            }
            assertThat(Auc.of(predictions, labels)).as("seed %d", seed).isEqualTo(everyPair(predictions, labels));
        }
    }

    private static double everyPair(double[] predictions, boolean[] labels) {
        double wins = 0;
        int pairs = 0;
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < labels.length; j++) {
                if (labels[i] && !labels[j]) {
                    pairs++;
                    wins += predictions[i] > predictions[j] ? 1 : predictions[i] == predictions[j] ? 0.5 : 0;
                }
            }
        }
        return wins / pairs;
    }

    @Test
    void losses_are_those_computed_by_hand() {
        Evaluation judged = Evaluation.of(new double[] {0.25, 0.5, 0.75}, new boolean[] {false, true, true});
        assertThat(judged.rows()).isEqualTo(3);
        assertThat(judged.positives()).isEqualTo(2);
        assertThat(judged.auc()).isEqualTo(1);
        // −(ln 0.75 + ln 0.5 + ln 0.75) / 3
        assertThat(judged.logLoss()).isCloseTo(0.42283710848783565, within(EXACT));
        // (0.0625 + 0.25 + 0.0625) / 3
        assertThat(judged.brier()).isCloseTo(0.125, within(EXACT));
    }

    @Test
    void a_certain_error_costs_much_but_not_everything() {
        Evaluation judged = Evaluation.of(new double[] {0, 1}, new boolean[] {true, true});
        assertThat(judged.logLoss()).isCloseTo(-Math.log(1e-15) / 2, within(1e-12));
        assertThat(judged.auc()).isNaN();
    }

    @Test
    void calibration_is_by_tenths() {
        Evaluation judged = Evaluation.of(
                new double[] {0.0, 0.05, 0.1, 1.0, 0.95}, new boolean[] {false, true, false, true, false});
        assertThat(judged.calibration())
                .containsExactly(
                        new CalibrationBin(0.0, 0.1, 2, 0.025, 0.5),
                        new CalibrationBin(0.1, 0.2, 1, 0.1, 0),
                        new CalibrationBin(0.9, 1.0, 2, 0.975, 0.5));
        // (2 · 0.475 + 1 · 0.1 + 2 · 0.475) / 5
        assertThat(judged.calibrationError()).isCloseTo(0.4, within(EXACT));
    }

    @Test
    void refuses_what_is_no_probability() {
        assertThatThrownBy(() -> Evaluation.of(new double[] {1.1}, new boolean[] {true}))
                .hasMessage("the prediction of row 0 is no probability: 1.1");
        assertThatThrownBy(() -> Evaluation.of(new double[0], new boolean[0])).hasMessage("0 predictions for 0 labels");
    }
}
