package dev.tidewheel.history.replay;

import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.replay.KeyPlayer;
import dev.tidewheel.feature.replay.Players;
import dev.tidewheel.feature.replay.StatePlayer;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * What it costs to play keys forward: prints nanoseconds of the thread's CPU per event and per question, round by round,
 * through the state that serves and through the player that the view gets. Count, sum, mean and max over 1 h, 24 h, 7 d and
 * 30 d; events over 90 days, evenly; a question for every 20 events. No test: it asserts nothing. Run it with the
 * module's test class path.
 */
public final class ReplayCost {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("key", ColumnType.INT64),
            new Column("time", ColumnType.TIMESTAMP),
            new Column("whole", ColumnType.INT64),
            new Column("price", ColumnType.FLOAT64)));
    private static final SourceColumns COLUMNS =
            new SourceColumns("events", SCHEMA, "time", Optional.empty(), Optional.empty());
    private static final int ROUNDS = 3;
    private static final int EVENTS = 1_000_000;
    private static final int EVENTS_PER_QUESTION = 20;
    private static final long START = 1_767_571_200_000L;
    private static final long SPAN = Duration.ofDays(90).toMillis();
    private static volatile long sink;

    private ReplayCost() {}

    public static void main(String[] arguments) {
        for (int keys : new int[] {10_000, 100}) {
            ChangeHistory history = history(keys);
            for (int round = 0; round < ROUNDS; round++) {
                for (String of : List.of("whole", "price")) {
                    ViewPlan plan = plan(of);
                    Players players = new Players(plan);
                    report(keys + " keys, " + of + ", state ", history, block -> new StatePlayer(plan, block));
                    report(keys + " keys, " + of + ", player", history, players::of);
                }
            }
        }
    }

    private static void report(String what, ChangeHistory history, Function<KeyBlock, KeyPlayer> players) {
        KeyIndex keys = history.keys(List.of("key"));
        long events = played(history, keys, players, 1);
        int questions = EVENTS / keys.size() / EVENTS_PER_QUESTION;
        long both = played(history, keys, players, questions);
        long more = (long) (questions - 1) * keys.size();
        System.out.printf("%s: %d ns per event, %d ns per question%n", what, events / EVENTS, (both - events) / more);
    }

    private static long played(
            ChangeHistory history, KeyIndex keys, Function<KeyBlock, KeyPlayer> players, int questions) {
        long before = CLOCK.getCurrentThreadCpuTime();
        for (int key = 0; key < keys.size(); key++) {
            KeyPlayer player = players.apply(history.block(keys.changes(key)));
            for (int question = 1; question <= questions; question++) {
                long t = START + SPAN / questions * question;
                sink += player.read(t, t).statuses()[0];
            }
        }
        return CLOCK.getCurrentThreadCpuTime() - before;
    }

    private static ChangeHistory history(int keys) {
        Random random = new Random(keys);
        ChangeHistory.Builder builder = new ChangeHistory.Builder(COLUMNS, new Origin.Memory("cost"), "events");
        for (int event = 0; event < EVENTS; event++) {
            long time = START + SPAN / EVENTS * event;
            Row row = new Row(SCHEMA.size()).setLong(0, random.nextInt(keys)).setLong(1, time);
            builder.append(row.setLong(2, random.nextInt(10_000)).setDouble(3, random.nextInt(1_000_000) / 100.0));
            builder.record(0, event, time);
        }
        return builder.build();
    }

    private static ViewPlan plan(String of) {
        List<FeatureSpec> features = new ArrayList<>();
        for (Duration length :
                List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30))) {
            for (String aggregate : List.of("count", "sum", "mean", "max")) {
                Optional<String> input = aggregate.equals("count") ? Optional.empty() : Optional.of(of);
                features.add(new FeatureSpec(
                        aggregate + length,
                        aggregate,
                        Map.of(),
                        input,
                        Optional.empty(),
                        Window.Sliding.of(length.toMillis())));
            }
        }
        return ViewPlan.compile(
                new ViewSpec(
                        "cost",
                        List.of("key"),
                        Optional.empty(),
                        List.of(),
                        features,
                        Duration.ofDays(1).toMillis(),
                        0,
                        Duration.ofSeconds(10).toMillis(),
                        64),
                SCHEMA);
    }
}
