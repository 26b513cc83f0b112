package dev.tidewheel.feature.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.ViewSpec.DerivedColumn;
import dev.tidewheel.feature.window.Window;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewPlanTest {
    private static final long HOUR = 3_600_000;
    private static final Window ONE_HOUR = Window.Sliding.of(HOUR);
    private static final Window THREE_HOURS = Window.Sliding.of(3 * HOUR);
    private static final Window ONE_DAY = Window.Sliding.of(24 * HOUR);

    @Test
    void windowsOfOneResolutionShareATierAndAggregatesTheirPartials() {
        ViewPlan plan = compile(
                feature("a", "mean", "delay", ONE_HOUR),
                feature("b", "sum", "delay", ONE_HOUR),
                feature("c", "mean", "delay", THREE_HOURS),
                feature("d", "stddev", "delay", THREE_HOURS),
                feature("e", "mean", "distance", ONE_HOUR),
                feature("f", "mean", "delay", ONE_DAY));
        assertThat(plan.tiers()).extracting(Tier::hopMillis).containsExactly(300_000L, HOUR);
        assertThat(plan.tiers().get(0).longestMillis()).isEqualTo(3 * HOUR);
        assertThat(plan.tiers().get(0).partials()).hasSize(3); // sums of two inputs, moments of one
        assertThat(plan.tiers().get(1).partials()).hasSize(1);
        assertThat(plan.cells()).hasSize(5); // a and b share one
        assertThat(plan.longestLookBackMillis()).isEqualTo(25 * HOUR);
    }

    @Test
    void aFilterOfItsOwnIsAnInputOfItsOwn() {
        FeatureSpec all = feature("all", "count", "delay", ONE_HOUR);
        FeatureSpec some =
                new FeatureSpec("some", "count", Map.of(), Optional.of("delay"), Optional.of("delay > 0"), ONE_HOUR);
        assertThat(compile(all, some).tiers().get(0).partials()).hasSize(2);
    }

    @Test
    void featuresHaveTheTypesOfTheirAggregates() {
        ViewPlan plan = compile(
                feature("n", "distinct", "origin", ONE_HOUR),
                feature("m", "mean", "delay", ONE_HOUR),
                feature("l", "last", "origin", ONE_HOUR),
                feature("s", "sum", "distance * 1.5", new Window.Lifetime()));
        assertThat(plan.features().columns())
                .containsExactly(
                        new Column("n", ColumnType.INT64),
                        new Column("m", ColumnType.FLOAT64),
                        new Column("l", ColumnType.STRING),
                        new Column("s", ColumnType.FLOAT64));
        assertThat(plan.longestLookBackMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theKeyIsTheTextOfTheEntityColumns() {
        ViewPlan plan = compile(feature("n", "count", "delay", ONE_HOUR));
        Row row = new Row(3).setString(0, "O|D").setLong(1, -7);
        assertThat(plan.entityKey(row)).contains("O\\|D|-7");
        assertThat(plan.entityKey(row.setNull(1))).isEmpty();
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> compile(feature("x", "median", "delay", ONE_HOUR)))
                .hasMessageStartingWith("feature x: no aggregate is called 'median'");
        assertThatThrownBy(() -> compile(feature("x", "sum", "origin", ONE_HOUR)))
                .hasMessage("feature x: sum aggregates INT64 or FLOAT64, got STRING");
        assertThatThrownBy(() -> compile(
                        new FeatureSpec("x", "count", Map.of(), Optional.empty(), Optional.of("delay + 1"), ONE_HOUR)))
                .hasMessage("feature x: 'where' must be BOOL, but 'delay + 1' is INT64");
        assertThatThrownBy(() -> compile(feature("x", "sum", "delay +", ONE_HOUR)))
                .isInstanceOf(ExpressionException.class);
        assertThatThrownBy(() ->
                        compile(feature("x", "count", "delay", ONE_HOUR), feature("x", "count", "delay", ONE_DAY)))
                .hasMessage("column 'x' occurs twice");
        assertThatThrownBy(() -> compile()).hasMessage("view v has no features");
        assertThatThrownBy(() -> plan(List.of("airport"), feature("x", "count", "delay", ONE_HOUR)))
                .hasMessageStartingWith("view v: the entity's column 'airport' is not among");
        assertThatThrownBy(() -> plan(List.of("distance"), feature("x", "count", "delay", ONE_HOUR)))
                .hasMessage("view v: 'distance' is FLOAT64, which makes no key; use a string or an integer");
    }

    @Test
    void aRateNeedsAWindowThatCoversSomeTime() {
        for (Window window : List.of(new Window.Lifetime(), new Window.Rows(3), new Window.Session(60_000, HOUR))) {
            assertThatThrownBy(() -> compile(feature("x", "rate", "delay", window)))
                    .hasMessage(
                            "feature x: rate divides by the time that its window covers, which this one does not fix:"
                                    + " write a duration, such as 1h, or a tumbling or hopping window");
        }
        assertThat(compile(feature("x", "rate", "delay", new Window.Hopping(HOUR, HOUR)))
                        .features()
                        .column(0)
                        .type())
                .isEqualTo(ColumnType.FLOAT64);
    }

    @Test
    void categoriesOfWhatRetractsRetract() {
        assertThat(compile(perCategory("sum")).retracts()).isTrue();
        assertThat(compile(perCategory("max")).retracts()).isFalse();
        assertThat(compile(perCategory("sum")).features().column(0).type()).isEqualTo(ColumnType.JSON);
        assertThatThrownBy(() -> compile(perCategory("latest")))
                .hasMessage("feature x: latest is of one row, which has no categories: take 'bucket' out");
    }

    private static FeatureSpec perCategory(String aggregate) {
        return new FeatureSpec(
                "x",
                aggregate,
                Map.of(),
                Optional.of("delay"),
                Optional.empty(),
                Optional.of("origin"),
                Optional.empty(),
                ONE_HOUR);
    }

    @Test
    void bytesOfAnotherMeaningHaveAnotherFingerprint() {
        ViewPlan plan = compile(feature("x", "sum", "delay", ONE_HOUR));
        assertThat(compile(feature("renamed", "mean", "delay", THREE_HOURS)).fingerprint())
                .as("what is kept is the same")
                .isEqualTo(plan.fingerprint());
        assertThat(compile(feature("x", "sum", "delay + 1", ONE_HOUR)).fingerprint())
                .isNotEqualTo(plan.fingerprint());
        assertThat(compile(feature("x", "max", "delay", ONE_HOUR)).fingerprint())
                .isNotEqualTo(plan.fingerprint());
        assertThat(compile(feature("x", "sum", "delay", ONE_DAY)).fingerprint()).isNotEqualTo(plan.fingerprint());
    }

    private static FeatureSpec feature(String name, String aggregate, String of, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), Optional.of(of), Optional.empty(), window);
    }

    private static ViewPlan compile(FeatureSpec... features) {
        return plan(List.of("origin", "delay"), features);
    }

    private static ViewPlan plan(List<String> entity, FeatureSpec... features) {
        RowSchema source = new RowSchema(List.of(
                new Column("origin", ColumnType.STRING),
                new Column("delay", ColumnType.INT64),
                new Column("distance", ColumnType.FLOAT64)));
        DerivedColumn late = new DerivedColumn("late", "delay > 15");
        ViewSpec spec = new ViewSpec(
                "v", entity, Optional.of("late || delay < 15"), List.of(late), List.of(features), HOUR, 0, 0, 8);
        return ViewPlan.compile(spec, source);
    }
}
