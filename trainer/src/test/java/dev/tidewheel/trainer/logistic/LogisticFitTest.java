package dev.tidewheel.trainer.logistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogisticFitTest {

    @Test
    void finds_the_weights_that_the_rows_were_drawn_from() {
        LogisticModel model = LogisticFit.DEFAULT.fit(RandomExamples.draw(1, 40_000));
        LogisticModel.Term a = model.terms().get(0);
        LogisticModel.Term b = model.terms().get(1);
        LogisticModel.Term c = model.terms().get(2);
        assertThat(a.weight() / a.scaling().deviation()).isCloseTo(2, within(0.1));
        assertThat(b.weight() / b.scaling().deviation()).isCloseTo(-0.01, within(0.001));
        assertThat(c.weight()).isCloseTo(0, within(0.05));
        assertThat(c.nullWeight()).isCloseTo(1.5, within(0.1));
    }

    @Test
    void no_weights_nearby_are_better() {
        for (long seed = 10; seed < 20; seed++) {
            Examples examples = RandomExamples.draw(seed, 500);
            LogisticFit fit = new LogisticFit(0.01, 100);
            LogisticModel best = fit.fit(examples);
            double least = objective(best, examples, fit.ridge());
            for (int i = 0; i < best.terms().size(); i++) {
                for (double step : new double[] {-1e-3, 1e-3}) {
                    assertThat(objective(moved(best, i, step, 0), examples, fit.ridge()))
                            .as("seed %d, weight %d", seed, i)
                            .isGreaterThan(least);
                    assertThat(objective(moved(best, i, 0, step), examples, fit.ridge()))
                            .as("seed %d, null weight %d", seed, i)
                            .isGreaterThan(least);
                }
            }
        }
    }

    private static LogisticModel moved(LogisticModel model, int index, double weight, double nullWeight) {
        List<LogisticModel.Term> terms = new ArrayList<>(model.terms());
        LogisticModel.Term term = terms.get(index);
        terms.set(
                index,
                new LogisticModel.Term(
                        term.input(), term.scaling(), term.weight() + weight, term.nullWeight() + nullWeight));
        return new LogisticModel(terms, model.bias());
    }

    /** The objective as its documentation says it, through the model's own predictions. */
    private static double objective(LogisticModel model, Examples examples, double ridge) {
        double loss = 0;
        double[] predictions = model.predict(examples);
        for (int row = 0; row < predictions.length; row++) {
            loss -= Math.log(examples.label(row) ? predictions[row] : 1 - predictions[row]);
        }
        double squares = 0;
        for (LogisticModel.Term term : model.terms()) {
            squares += term.weight() * term.weight() + term.nullWeight() * term.nullWeight();
        }
        return loss / predictions.length + ridge / 2 * squares;
    }

    /** The optimum of rows that a line separates lies at infinity; the ridge keeps it near. */
    @Test
    void separable_rows_converge() {
        Examples examples =
                new Examples(List.of("a"), new float[][] {{-2, -1, 1, 2}}, new boolean[] {false, false, true, true});
        LogisticModel model = LogisticFit.DEFAULT.fit(examples);
        assertThat(model.predict(new float[] {-1})).isLessThan(0.001);
        assertThat(model.predict(new float[] {1})).isGreaterThan(0.999);
        assertThat(model.bias()).isCloseTo(0, within(1e-6));
    }

    @Test
    void the_order_of_the_rows_does_not_matter() {
        Examples examples = RandomExamples.draw(3, 1_000);
        float[][] reversed = new float[5][1_000];
        boolean[] labels = new boolean[1_000];
        float[] row = new float[5];
        for (int i = 0; i < 1_000; i++) {
            examples.copyRow(i, row, 0);
            for (int c = 0; c < 5; c++) {
                reversed[c][999 - i] = row[c];
            }
            labels[999 - i] = examples.label(i);
        }
        double[] forward = LogisticFit.DEFAULT.fit(examples).predict(examples);
        double[] backward = LogisticFit.DEFAULT
                .fit(new Examples(examples.inputs(), reversed, labels))
                .predict(examples);
        assertThat(forward).containsExactly(backward, within(1e-6));
    }

    @Test
    void the_same_rows_give_the_same_bits() {
        Examples examples = RandomExamples.draw(2, 3_000);
        assertThat(LogisticFit.DEFAULT.fit(examples)).isEqualTo(LogisticFit.DEFAULT.fit(examples));
    }

    @Test
    void rows_of_one_kind_are_refused() {
        Examples examples = new Examples(List.of("a"), new float[][] {{1, 2}}, new boolean[] {true, true});
        assertThatThrownBy(() -> LogisticFit.DEFAULT.fit(examples))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("2 of 2 labels are true");
    }

    @Test
    void infinite_values_are_refused_with_their_place() {
        float[][] columns = {{1, Float.POSITIVE_INFINITY}};
        assertThatThrownBy(() -> new Examples(List.of("spread"), columns, new boolean[] {true, false}))
                .hasMessageStartingWith("input 'spread' is infinite in row 1");
    }

    @Test
    void scaling_leaves_nulls_out() {
        float nan = Float.NaN;
        Examples examples = new Examples(
                List.of("x", "constant", "never"),
                new float[][] {{1, nan, 3}, {5, 5, 5}, {nan, nan, nan}},
                new boolean[] {true, false, true});
        assertThat(Scaling.fit(examples)).containsExactly(new Scaling(2, 1), new Scaling(5, 1), new Scaling(0, 1));
        assertThat(new Scaling(2, 4).apply(6)).isEqualTo(1);
        assertThat(new Scaling(2, 4).apply(nan)).isZero();
    }

    @Test
    void predicts_by_the_formula() {
        LogisticModel model = new LogisticModel(
                List.of(
                        new LogisticModel.Term("x", new Scaling(1, 2), 3, 0.5),
                        new LogisticModel.Term("y", new Scaling(0, 1), -1, 0.25)),
                0.125);
        // 0.125 + 3 · (5 − 1) / 2 − 1 · 2
        assertThat(model.predict(new float[] {5, 2})).isEqualTo(1 / (1 + Math.exp(-4.125)));
        // 0.125 + 0.5 + 0.25
        assertThat(model.predict(new float[] {Float.NaN, Float.NaN})).isEqualTo(1 / (1 + Math.exp(-0.875)));
    }
}
