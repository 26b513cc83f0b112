package dev.tidewheel.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.trainer.logistic.Examples;
import dev.tidewheel.trainer.logistic.LogisticModel;
import dev.tidewheel.trainer.logistic.LogisticModel.Term;
import dev.tidewheel.trainer.logistic.Scaling;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InfluenceTest {
    private static final int ROWS = 20_000;

    /** Labels by the model's own probabilities; "same" repeats "strong". */
    private final Examples examples = examples();

    @Test
    void itGrowsWithTheWeightAndIsNothingForWhatIsNotUsed() {
        List<Influence> all = Influence.of(model(2, 0.5, 0, 0)::predict, examples);
        assertThat(all).extracting(Influence::input).startsWith("strong", "weak");
        assertThat(all.get(0).logLoss()).isGreaterThan(5 * all.get(1).logLoss());
        assertThat(all.get(1).logLoss()).isGreaterThan(10 * all.get(1).logLossSpread());
        assertThat(all.subList(2, 4)).allSatisfy(unused -> {
            assertThat(unused.logLoss()).isZero();
            assertThat(unused.logLossSpread()).isZero();
            assertThat(unused.auc()).isZero();
        });
    }

    @Test
    void aModelOfOneInputKnowsNothingWithoutIt() {
        LogisticModel model = model(2, 0, 0, 0);
        Influence strong = Influence.of(model::predict, examples).get(0);
        double auc = Auc.of(model.predict(examples), examples.labels());
        assertThat(auc).isGreaterThan(0.8);
        assertThat(auc - strong.auc()).isCloseTo(0.5, within(0.02));
    }

    @Test
    void inputsThatTellTheSameShareIt() {
        double alone = of("strong", Influence.of(model(2, 0, 0, 0)::predict, examples));
        double shared = of("strong", Influence.of(model(1, 0, 0, 1)::predict, examples));
        assertThat(shared).isPositive().isLessThan(alone / 2);
    }

    @Test
    void theSameRowsGiveTheSameFigures() {
        LogisticModel model = model(2, 0.5, 0, 0);
        assertThat(Influence.of(model::predict, examples)).isEqualTo(Influence.of(model::predict, examples()));
    }

    private static double of(String input, List<Influence> all) {
        return all.stream()
                .filter(each -> each.input().equals(input))
                .findFirst()
                .orElseThrow()
                .logLoss();
    }

    private static LogisticModel model(double strong, double weak, double unused, double same) {
        Scaling asIs = new Scaling(0, 1);
        return new LogisticModel(
                List.of(
                        new Term("strong", asIs, strong, 0),
                        new Term("weak", asIs, weak, 0),
                        new Term("unused", asIs, unused, 0),
                        new Term("same", asIs, same, 0)),
                0);
    }

    private static Examples examples() {
        Random random = new Random(42);
        float[][] columns = new float[4][ROWS];
        boolean[] labels = new boolean[ROWS];
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < 3; column++) {
                columns[column][row] = (float) random.nextGaussian();
            }
            columns[3][row] = columns[0][row];
            double margin = 2 * columns[0][row] + 0.5 * columns[1][row];
            labels[row] = random.nextDouble() < 1 / (1 + Math.exp(-margin));
        }
        return new Examples(List.of("strong", "weak", "unused", "same"), columns, labels);
    }
}
