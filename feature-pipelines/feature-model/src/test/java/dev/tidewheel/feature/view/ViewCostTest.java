package dev.tidewheel.feature.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is promised before anything runs, against what a busy key then really takes. */
class ViewCostTest {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final RowSchema SOURCE =
            new RowSchema(List.of(new Column("delay", ColumnType.INT64), new Column("noise", ColumnType.FLOAT64)));

    static Stream<Arguments> views() {
        return Stream.of(
                view("hours and days", scalars(Window.Sliding.of(HOUR), Window.Sliding.of(DAY))),
                view("days and a week", scalars(Window.Sliding.of(DAY), Window.Sliding.of(7 * DAY))),
                view("tumbling", scalars(new Window.Hopping(HOUR, HOUR), new Window.Hopping(2 * HOUR, 10 * MINUTE))),
                view("sessions", scalars(new Window.Session(10 * MINUTE, DAY))),
                view("exact", scalars(new Window.Exact(3 * HOUR, 500))),
                view("rows", scalars(new Window.Rows(50))),
                view("lifetime", scalars(new Window.Lifetime())));
    }

    /** Within a factor of two on both sides; what is written, within three from above. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("views")
    void aBusyKeyTakesAboutWhatWasEstimated(String name, ViewPlan plan) {
        KeyState state = new KeyState(plan);
        Random random = new Random(3);
        long written = 0;
        long gap = Math.max(20_000, Math.min(plan.longestLookBackMillis(), DAY) / 400);
        for (int i = 0; i < 6_000; i++) {
            long known = RandomHistory.START + i * gap;
            Row row = new Row(2).setLong(0, random.nextInt(300) - 30).setDouble(1, random.nextGaussian());
            state.route(new Change(false, EventId.of(i), known - 1, known, row), false);
            if (state.shouldFold()) {
                state.fold();
                written += i < 3_000 ? 0 : state.encodeBase().length;
            }
            written += i < 3_000 ? 0 : state.encodeHead().length;
        }
        assertThat(plan.cost().bytesWrittenPerEvent(1))
                .as("%s: %d bytes written per event, %s", name, written / 3_000, plan.cost())
                .isBetween(written / 3_000, 3 * written / 3_000);
        state.fold();
        long measured = state.encodeBase().length;
        assertThat(plan.cost().baseBytes())
                .as("%s: base of %d bytes, %s", name, measured, plan.cost())
                .isBetween(measured / 2, measured * 2);
        assertThat(plan.cost().headBytes())
                .as("head of at least %d bytes", state.encodeHead().length)
                .isGreaterThanOrEqualTo(state.encodeHead().length);
        assertThat(plan.typicalBytesPerKey()).isEqualTo(plan.cost().bytesPerKey());
    }

    @Test
    void everyPartIsItemised() {
        ViewPlan plan = plan(List.of(
                feature("mean", "delay", Window.Sliding.of(HOUR)),
                feature("sum", "delay", Window.Sliding.of(HOUR)),
                feature("count", "noise", new Window.Exact(HOUR, 100)),
                feature("max", "noise", new Window.Rows(10)),
                feature("mean", "delay", new Window.Session(MINUTE, HOUR))));
        ViewCost cost = plan.cost();
        assertThat(cost.parts())
                .extracting(part -> part.of() + ": " + part.tiles() + " of " + part.tileMillis() + " ms")
                .containsExactly(
                        "delay: 14 of 300000 ms",
                        "noise: 14 of 300000 ms",
                        "noise: 1 of " + Long.MAX_VALUE + " ms",
                        "rows: 62 of 60000 ms",
                        "delay: 62 of 60000 ms");
        assertThat(cost.parts().get(0).features()).hasSize(2);
        assertThat(cost.parts().get(3).features()).as("what tells sessions").isEmpty();
        assertThat(cost.reads())
                .containsExactly(
                        new ViewCost.Read(2, 13, 0),
                        new ViewCost.Read(1, 13, 100),
                        new ViewCost.Read(1, 1, 10),
                        new ViewCost.Read(1, 61, 0));
        assertThat(cost.mergesPerRead()).isEqualTo(88);
        assertThat(cost.rowsPerRead()).isEqualTo(110);
        assertThat(cost.bytes(1_000)).isEqualTo(1_000 * (cost.baseBytes() + cost.headBytes()));
    }

    private static Arguments view(String name, List<FeatureSpec> features) {
        return Arguments.arguments(name, plan(features));
    }

    private static List<FeatureSpec> scalars(Window... windows) {
        List<FeatureSpec> features = new ArrayList<>();
        for (Window window : windows) {
            features.add(feature("mean", "delay", window));
            features.add(feature("max", "delay", window));
            features.add(feature("count", "noise", window));
        }
        return features;
    }

    private static FeatureSpec feature(String aggregate, String of, Window window) {
        return new FeatureSpec(aggregate + of + window, aggregate, Map.of(), Optional.of(of), Optional.empty(), window);
    }

    private static ViewPlan plan(List<FeatureSpec> features) {
        ViewSpec spec =
                new ViewSpec("v", List.of("delay"), Optional.empty(), List.of(), features, DAY, 600_000, 10_000, 16);
        return ViewPlan.compile(spec, SOURCE);
    }
}
