package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.OffsetMarker;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.route.RoutedChange;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * What an event costs in the keyed stage alone, on a hash map backend, with a store in memory: prints nanoseconds of the
 * thread's CPU per event, round by round. Count, sum, mean and max over 1 h, 24 h and 7 d, a flush every 600 events. No
 * test: it asserts nothing. Run it with the module's test class path.
 */
public final class StageCost {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 3;
    private static final int EVENTS = 400_000;
    private static final int FLUSH = 600;
    private static final long START = 1_767_571_200_000L;

    private StageCost() {}

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            report("live, 50,000 keys", 50_000, Duration.ofSeconds(48));
            report("replay, 50,000 keys", 50_000, Duration.ofDays(8));
            report("live, one key", 1, Duration.ofSeconds(48));
        }
    }

    private static void report(String what, int keys, Duration span) throws Exception {
        StageSpec stage = new StageSpec(
                "cost",
                "user",
                "events",
                false,
                Duration.ofDays(30).toMillis(),
                () -> List.of(new StageView(plan(), 1)),
                2_000,
                Duration.ofSeconds(5));
        FakeConnector connector = new FakeConnector();
        try (var harness = new KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal>(
                new TileOperatorFactory(stage, connector), Routed::key, Types.STRING)) {
            harness.setStateBackend(new HashMapStateBackend());
            harness.open();
            Random random = new Random(keys);
            long before = CLOCK.getCurrentThreadCpuTime();
            for (int event = 0; event < EVENTS; event++) {
                long time = START + event * span.toMillis() / EVENTS;
                harness.processElement(new StreamRecord<>(change(random.nextInt(keys), time, event, random)));
                if (event % FLUSH == FLUSH - 1) {
                    flush(harness, event + 1);
                    forget(connector.world());
                }
            }
            System.out.printf("%s: %d ns%n", what, (CLOCK.getCurrentThreadCpuTime() - before) / EVENTS);
        }
    }

    private static Routed change(int user, long time, int event, Random random) {
        String key = "user-" + (10_000_000 + user);
        long[] words = {0, 1 + random.nextInt(100_000)};
        return Routed.of(
                key,
                new RoutedChange(
                        0,
                        event,
                        time,
                        "events",
                        0,
                        event,
                        time,
                        time,
                        words,
                        new String[] {key, null},
                        new boolean[2]));
    }

    private static void flush(KeyedOneInputStreamOperatorTestHarness<String, Routed, Refusal> harness, int next)
            throws Exception {
        OffsetMarker marker = new OffsetMarker(new int[] {0}, new long[] {next});
        harness.processElement(new StreamRecord<>(Routed.of("marker", marker)));
        TaskMailbox mailbox = harness.getTaskMailbox();
        for (var mail = mailbox.tryTake(0); mail.isPresent(); mail = mailbox.tryTake(0)) {
            mail.get().run();
        }
    }

    /** What the world remembers would fill the memory. */
    private static void forget(FakeConnector.World world) {
        world.takeLog();
        world.frontiers.clear();
        world.batches.clear();
    }

    private static ViewPlan plan() {
        List<FeatureSpec> features = new ArrayList<>();
        for (int hours : new int[] {1, 24, 168}) {
            for (String aggregate : List.of("count", "sum", "mean", "max")) {
                features.add(new FeatureSpec(
                        aggregate + hours,
                        aggregate,
                        Map.of(),
                        Optional.of("amount"),
                        Optional.empty(),
                        Window.Sliding.of(Duration.ofHours(hours).toMillis())));
            }
        }
        RowSchema columns =
                new RowSchema(List.of(new Column("user", ColumnType.STRING), new Column("amount", ColumnType.INT64)));
        ViewSpec spec = new ViewSpec(
                "spending",
                List.of("user"),
                Optional.empty(),
                List.of(),
                features,
                Duration.ofDays(30).toMillis(),
                600_000,
                10_000,
                64);
        return ViewPlan.compile(spec, columns);
    }
}
