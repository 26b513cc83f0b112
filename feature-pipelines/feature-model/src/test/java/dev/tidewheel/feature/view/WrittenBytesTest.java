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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The promise to the store: a view of scalars over 1 h, 24 h and 7 d writes less than 1 KB per event on average. */
class WrittenBytesTest {
    private static final long HOUR = 3_600_000;
    private static final int EVENTS = 5_000;

    @ParameterizedTest
    @CsvSource({"1000, 0", "1000, 18000000", "45000, 0", "45000, 18000000", "600000, 18000000", "7200000, 0"})
    void aViewOfScalarsWritesLessThanOneKilobytePerEvent(long gapMillis, int greatestDelayMillis) {
        ViewPlan plan = scalars();
        KeyState state = new KeyState(plan);
        Random random = new Random(gapMillis + greatestDelayMillis);
        long written = 0;
        int longestHead = 0;
        for (int i = 0; i < EVENTS; i++) {
            long known = RandomHistory.START + i * gapMillis;
            long happened = known - 1 - (greatestDelayMillis == 0 ? 0 : random.nextInt(greatestDelayMillis));
            Row row = new Row(2).setLong(0, random.nextInt(300) - 30).setDouble(1, random.nextGaussian());
            state.route(new Change(false, EventId.of(i), happened, known, row), false);
            if (state.shouldFold()) {
                state.fold();
                written += state.encodeBase().length;
            }
            longestHead = Math.max(longestHead, state.encodeHead().length);
            written += state.encodeHead().length;
        }
        assertThat(written / EVENTS).isLessThan(1_024);
        long raw = Math.min(64, 1 + 10_000 / gapMillis);
        assertThat(plan.cost().bytesWrittenPerEvent(raw))
                .as("an estimate from above, by no more than a factor of two")
                .isBetween(written / EVENTS, 2 * written / EVENTS);
        assertThat(longestHead).isLessThan(800);
    }

    private static ViewPlan scalars() {
        List<FeatureSpec> features = new ArrayList<>();
        for (Map.Entry<String, Long> window :
                Map.of("1h", HOUR, "24h", 24 * HOUR, "7d", 168 * HOUR).entrySet()) {
            Window length = Window.Sliding.of(window.getValue());
            for (String aggregate : List.of("mean", "sum", "count")) {
                Optional<String> of = aggregate.equals("count") ? Optional.empty() : Optional.of("delay");
                features.add(new FeatureSpec(
                        aggregate + window.getKey(), aggregate, Map.of(), of, Optional.empty(), length));
            }
            features.add(new FeatureSpec(
                    "late" + window.getKey(),
                    "mean",
                    Map.of(),
                    Optional.of("delay > 15 ? 1.0 : 0.0"),
                    Optional.empty(),
                    length));
        }
        RowSchema source =
                new RowSchema(List.of(new Column("delay", ColumnType.INT64), new Column("noise", ColumnType.FLOAT64)));
        ViewSpec spec = new ViewSpec(
                "scalars", List.of("delay"), Optional.empty(), List.of(), features, 24 * HOUR, 600_000, 10_000, 64);
        return ViewPlan.compile(spec, source);
    }
}
