package dev.tidewheel.trainer.logistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
