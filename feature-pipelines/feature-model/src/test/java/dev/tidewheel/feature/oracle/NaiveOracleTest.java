package dev.tidewheel.feature.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The oracle itself, against values worked out by hand. */
class NaiveOracleTest {
    private static final Window WINDOW = new Window.Sliding(100, 10);
    private static final ViewPlan PLAN = ViewPlan.compile(
            new ViewSpec(
                    "v",
                    List.of("x"),
                    Optional.of("x != 0"),
                    List.of(),
                    List.of(
                            feature("n", "count", WINDOW),
                            feature("mean", "mean", WINDOW),
                            feature("variance", "variance", WINDOW),
                            feature("different", "distinct", WINDOW),
                            feature("median", "quantile", WINDOW),
                            feature("total", "sum", new Window.Lifetime())),
                    1_000,
                    500,
                    20,
                    4),
            new RowSchema(List.of(new Column("x", ColumnType.INT64))));

    private final NaiveOracle oracle = new NaiveOracle(
            PLAN,
            List.of(
                    add(1, 1_000, 1_050, 2),
                    add(2, 1_010, 1_010, 4),
                    add(1, 1_000, 1_030, 2), // the first again, known earlier
                    add(3, 1_020, 2_021, 8), // late
                    add(4, 1_020, 1_020, 0), // filtered
                    add(5, 1_600, 1_020, 1), // too far ahead
                    add(6, 1_020, 1_020, 4),
                    new Change(true, EventId.of(6), 1_020, 1_060, new Row(1).setLong(0, 4))));

    @Test
    void everyChangeIsJudged() {
        assertThat(oracle.disposition(2)).isEqualTo(Disposition.DUPLICATE);
        assertThat(oracle.disposition(3)).isEqualTo(Disposition.LATE);
        assertThat(oracle.disposition(4)).isEqualTo(Disposition.FILTERED);
        assertThat(oracle.disposition(5)).isEqualTo(Disposition.REJECTED);
        assertThat(oracle.count(Disposition.APPLIED)).isEqualTo(4);
    }

    @Test
    void valuesFollowVisibility() {
        assertThat(read(1_010, all())).isEqualTo("0 null null 0 null null");
        assertThat(read(1_011, all())).isEqualTo("1 4.0 0.0 1 4.0 4");
        assertThat(read(1_029, all())).isEqualTo("2 4.0 0.0 1 4.0 8");
        assertThat(read(1_030, all())).isEqualTo("3 3.3333333333333335 0.8888888888888888 2 4.0 10");
        assertThat(read(1_060, all())).isEqualTo("2 3.0 1.0 2 2.0 6");
        assertThat(read(1_110, all())).isEqualTo("1 4.0 0.0 1 4.0 6");
        assertThat(read(1_121, all())).isEqualTo("0 null null 0 null 6");
    }

    @Test
    void whatIsNotInTheCutDoesNotExist() {
        assertThat(read(1_040, index -> index != 2))
                .as("the early copy has not arrived")
                .isEqualTo("2 4.0 0.0 1 4.0 8");
        assertThat(read(1_050, index -> index != 2)).isEqualTo("3 3.3333333333333335 0.8888888888888888 2 4.0 10");
        assertThat(read(1_060, index -> false)).isEqualTo("0 null null 0 null null");
    }

    /** One not-a-number came and another was taken away: they balance, and nothing of their rows counts. */
    @Test
    void whatIsNotFiniteBalancesInPairs() {
        ViewPlan plan = ViewPlan.compile(
                new ViewSpec(
                        "v",
                        List.of("x"),
                        Optional.empty(),
                        List.of(),
                        List.of(new FeatureSpec(
                                "together",
                                "correlation",
                                Map.of(),
                                Optional.of("x"),
                                Optional.of("y"),
                                Optional.empty(),
                                Optional.empty(),
                                new Window.Lifetime())),
                        1_000,
                        500,
                        20,
                        4),
                new RowSchema(List.of(new Column("x", ColumnType.INT64), new Column("y", ColumnType.FLOAT64))));
        double[][] pairs = {{1, 1.5}, {2, 3.5}, {3, 2.5}, {50, Double.NaN}, {-70, Double.NaN}};
        List<Change> changes = new ArrayList<>();
        KeyState state = new KeyState(plan);
        for (int i = 0; i < pairs.length; i++) {
            Row row = new Row(2).setLong(0, (long) pairs[i][0]).setDouble(1, pairs[i][1]);
            changes.add(new Change(i == 4, EventId.of(i), 1_000, 1_000, row));
            state.route(changes.get(i), false);
        }
        FeatureValues naive = new NaiveOracle(plan, changes).valuesAt(1_001);
        assertThat(naive.row().getDouble(0)).isEqualTo(0.5);
        assertThat(state.read(1_001).row()).isEqualTo(naive.row());
    }

    private static IntPredicate all() {
        return index -> true;
    }

    private String read(long t, IntPredicate inCut) {
        FeatureValues values = oracle.valuesAt(t, inCut);
        StringBuilder text = new StringBuilder();
        for (int slot = 0; slot < PLAN.features().size(); slot++) {
            boolean isDouble = PLAN.features().column(slot).type() == ColumnType.FLOAT64;
            Row row = values.row();
            text.append(slot == 0 ? "" : " ")
                    .append(
                            row.isNull(slot)
                                    ? "null"
                                    : isDouble ? rounded(row.getDouble(slot), slot) : Long.toString(row.getLong(slot)));
        }
        return text.toString();
    }

    /** A median is only ever within 1 %. */
    private static String rounded(double value, int slot) {
        return Double.toString(slot == 4 ? Math.rint(value) : value);
    }

    private static Change add(long id, long eventTime, long knownTime, long x) {
        return new Change(false, EventId.of(id), eventTime, knownTime, new Row(1).setLong(0, x));
    }

    private static FeatureSpec feature(String name, String aggregate, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), Optional.of("x"), Optional.empty(), window);
    }
}
