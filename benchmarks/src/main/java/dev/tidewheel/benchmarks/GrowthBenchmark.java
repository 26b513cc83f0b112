package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.Workload.Stretch;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import java.time.Duration;
import java.util.List;

/**
 * What an event costs when a view grows: in keys, in features, in the length of its windows, one at a time. The first of each
 * axis runs twice and counts once, so that it is not charged for what the JVM compiles; hot keys follow jobs of their kind.
 */
final class GrowthBenchmark {
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);
    private static final double REACH = 2;
    private static final int FEWEST_KEYS = 10_000;
    private static final long MOST_EVENTS_PER_KEY = 100;
    private static final int[] HOURS = {1, 24, 24 * 90};
    private static final Duration[] SIX_WINDOWS = {
        Duration.ofHours(1), Duration.ofHours(3), Duration.ofHours(6),
        Duration.ofDays(1), Duration.ofDays(3), Duration.ofDays(7)
    };

    private final Platform platform;
    private final Sizes sizes;

    GrowthBenchmark(Platform platform, Sizes sizes) {
        this.platform = platform;
        this.sizes = sizes;
    }

    /** Runs it. */
    Report run() throws Exception {
        Report report = new Report("growth");
        report.condition("parallelism", JobShape.PARALLELISM);
        report.condition("checkpointInterval", CHECKPOINTS.toString());
        report.condition("memoryOfRocksDb", OurJob.DISK_CACHE.toHumanReadableString());
        keys(report);
        features(report);
        windows(report);
        skew(report);
        return report;
    }

    /** On disk, where states that are larger than memory live. */
    private void keys(Report report) throws Exception {
        ViewShape view = ViewShape.four(StreamingBenchmark.WINDOWS);
        Measured first = null;
        for (long keys = fewestKeys(); keys <= sizes.growthKeys(); keys *= 10) {
            String topic = "growth-keys-" + keys;
            Workload workload = ofKeys((int) keys);
            platform.load(topic, workload);
            if (first == null) {
                run(topic, workload, view, StateBackend.ROCKSDB);
            }
            Measured measured = run(topic, workload, view, StateBackend.ROCKSDB);
            report.measured("keys " + keys + " (rocksdb)", measured);
            report.figure(
                    "keys " + keys + ": bytes in Redis per key",
                    platform.redisInfo("memory", "used_memory_dataset") / keys);
            first = first == null ? measured : first;
            if (first != measured) {
                compare(report, "keys x " + keys / fewestKeys(), first, measured);
            }
        }
    }

    private int fewestKeys() {
        return Math.min(FEWEST_KEYS, sizes.growthKeys() / 100);
    }

    /** An event of each key every twenty days: each finds what the one before it left, however many keys there are. */
    private Workload ofKeys(int keys) {
        Stretch history = new Stretch("history", keys, Duration.ofDays(20).toMillis());
        // Of few keys not so many that they would fill centuries.
        long events = Math.min(sizes.growthEvents(), MOST_EVENTS_PER_KEY * keys);
        return new Workload(keys, List.of(history, Stretch.replay(history, events)), new Workload.Skew.InTurn(), 1);
    }

    private void features(Report report) throws Exception {
        List<String> four = List.of("count", "sum", "mean", "max");
        List<ViewShape> views = List.of(
                ViewShape.of(List.of("count"), 1, Duration.ofHours(1)),
                ViewShape.of(four, 1, SIX_WINDOWS),
                ViewShape.of(four, 9, SIX_WINDOWS));
        Workload workload = live(new Workload.Skew.Uniform());
        platform.load("growth-features", workload);
        run("growth-features", workload, views.get(0), StateBackend.HASHMAP);
        Measured first = null;
        for (ViewShape view : views) {
            Measured measured = run("growth-features", workload, view, StateBackend.HASHMAP);
            report.measured("features " + view.features(), measured);
            first = first == null ? measured : first;
            if (view.features() > 1) {
                compare(report, "features x " + view.features(), first, measured);
            }
        }
    }

    private void windows(Report report) throws Exception {
        Stretch history =
                new Stretch("history", sizes.growthEvents(), Duration.ofDays(90).toMillis());
        Workload workload = new Workload(
                sizes.keys() / 10,
                List.of(history, Stretch.replay(history, sizes.growthEvents())),
                new Workload.Skew.Uniform(),
                1);
        platform.load("growth-windows", workload);
        run("growth-windows", workload, ViewShape.four(Duration.ofHours(HOURS[0])), StateBackend.HASHMAP);
        Measured first = null;
        for (int hours : HOURS) {
            ViewShape view = ViewShape.four(Duration.ofHours(hours));
            Measured measured = run("growth-windows", workload, view, StateBackend.HASHMAP);
            report.measured("window " + hours + " h", measured);
            first = first == null ? measured : first;
            if (hours > 1) {
                compare(report, "window x " + hours, first, measured);
            }
        }
    }

    /** Hot keys: what a flush writes once must cost less, not more. */
    private void skew(Report report) throws Exception {
        ViewShape view = ViewShape.four(StreamingBenchmark.WINDOWS);
        List<Workload.Skew> skews =
                List.of(new Workload.Skew.Uniform(), new Workload.Skew.OneHot(0.2), new Workload.Skew.Zipf(1.1));
        Measured first = null;
        for (Workload.Skew skew : skews) {
            Workload workload = live(skew);
            String name = skew.toString();
            String topic = "growth-skew-" + skew.getClass().getSimpleName();
            platform.load(topic, workload);
            Measured measured = run(topic, workload, view, StateBackend.HASHMAP);
            report.measured(name, measured);
            first = first == null ? measured : first;
            if (first != measured) {
                compare(report, name, first, measured);
            }
        }
    }

    /** Two minutes, after a week with half as many events. */
    private Workload live(Workload.Skew skew) {
        Stretch history = Stretch.week(sizes.growthEvents() / 2);
        return new Workload(sizes.keys(), List.of(history, Stretch.live(sizes.growthEvents())), skew, 1);
    }

    private static void compare(Report report, String what, Measured before, Measured after) {
        report.figure(what + ": cost per event", before.eventsPerSecond() / after.eventsPerSecond(), REACH, false);
        report.figure(
                what + ": CPU time per event", after.cpuMicrosPerEvent() / before.cpuMicrosPerEvent(), REACH, false);
    }

    private Measured run(String topic, Workload workload, ViewShape view, StateBackend state) throws Exception {
        JobShape shape = new JobShape(topic, CHECKPOINTS, state);
        return OurRun.measure(platform, shape, view, new Sample(workload, 50)).get(0);
    }
}
