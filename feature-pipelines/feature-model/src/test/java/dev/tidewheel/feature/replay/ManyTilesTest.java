package dev.tidewheel.feature.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys with hundreds of tiles, of which some come late, some leave, and others are asked for: the player from columns gives
 * what the state that serves gives, to the bit.
 */
class ManyTilesTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long HORIZON = 6 * HOUR;
    private static final RowSchema SOURCE = new RowSchema(List.of(
            new Column("key", ColumnType.INT64),
            new Column("whole", ColumnType.INT64),
            new Column("price", ColumnType.FLOAT64)));
    private static final List<Window> WINDOWS = List.of(
            new Window.Sliding(HOUR, 5 * MINUTE),
            new Window.Sliding(3 * HOUR, 5 * MINUTE), // In one tier with the first.
            new Window.Sliding(DAY, HOUR),
            new Window.Hopping(6 * HOUR, HOUR),
            new Window.Lifetime());

    static Stream<List<FeatureSpec>> features() {
        return Stream.of(
                features("count", Optional.empty()),
                features("count", Optional.of("whole")),
                features("sum", Optional.of("whole")),
                features("mean", Optional.of("price")),
                Stream.of(features("count", Optional.empty()), features("mean", Optional.of("whole")))
                        .flatMap(List::stream)
                        .toList(),
                Stream.of(features("sum", Optional.of("whole")), features("last", Optional.of("whole")))
                        .flatMap(List::stream)
                        .toList());
    }

    private static List<FeatureSpec> features(String aggregate, Optional<String> of) {
        return WINDOWS.stream()
                .map(window -> new FeatureSpec(
                        aggregate + "_" + WINDOWS.indexOf(window), aggregate, Map.of(), of, Optional.empty(), window))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("features")
    void bothPlayersAgree(List<FeatureSpec> features) {
        ViewPlan plan = ViewPlan.compile(
                new ViewSpec("view", List.of("key"), Optional.empty(), List.of(), features, HORIZON, DAY, MINUTE, 64),
                SOURCE);
        Players players = new Players(plan);
        assertThat(players.isColumnar()).isTrue();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ListBlock changes = new ListBlock(changes(random, 1 + random.nextInt(2_000), plan.retracts()));
        KeyPlayer player = players.of(new ForwardBlock(changes));
        KeyPlayer reference = new StatePlayer(plan, changes);
        long lag = random.nextInt(3) * HOUR;
        for (long t = 0; t < 4 * DAY; t += 1 + random.nextInt((int) (random.nextInt(20) == 0 ? DAY : HOUR / 2))) {
            FeatureValues actual = player.read(t, t - lag);
            FeatureValues expected = reference.read(t, t - lag);
            assertThat(actual.row()).as("seed %d at %d", seed, t).isEqualTo(expected.row());
            assertThat(actual.statuses()).as("seed %d at %d", seed, t).isEqualTo(expected.statuses());
        }
    }

    /** Over three days, known soon, hours later or too late; some taken away again; ascending by visibility. */
    private static List<Change> changes(Random random, int count, boolean retracts) {
        List<Change> changes = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            long eventTime = random.nextInt((int) (3 * DAY));
            long knownTime = eventTime + random.nextInt((int) (random.nextInt(4) == 0 ? 8 * HOUR : MINUTE));
            Row row = new Row(SOURCE.size()).setLong(0, 1).setDouble(2, random.nextGaussian());
            if (random.nextInt(5) > 0) {
                row.setLong(1, random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(1_000) - 500);
            }
            changes.add(new Change(false, EventId.of(id), eventTime, knownTime, row));
            if (retracts && random.nextInt(10) == 0) {
                long taken = knownTime + random.nextInt((int) HOUR);
                changes.add(new Change(true, EventId.of(id), eventTime, taken, row));
            }
        }
        changes.sort(Comparator.comparingLong(Change::visibleAt));
        return changes;
    }
}
