package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.SqlQuery.Way;
import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Throughput from Kafka to Redis: count, sum, mean and max over an hour, a day and a week, beside the floor and beside Flink
 * SQL in its three ways. All read the same topic with the same settings, and what they wrote is held against naive
 * recomputations.
 */
final class StreamingBenchmark {
    static final Duration[] WINDOWS = {Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7)};
    private static final Duration[] STEPS = {Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(6)};
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final int SAMPLED_KEYS = 200;
    private static final long SEED = 20_261_121;

    private final Platform platform;
    private final Meter meter;
    private final Sizes sizes;

    StreamingBenchmark(Platform platform, Sizes sizes) {
        this.platform = platform;
        this.meter = new Meter(platform);
        this.sizes = sizes;
    }

    /** Windows in the queries of one way. */
    static List<SqlQuery> queries(Way way) {
        List<SqlQuery> queries = new ArrayList<>();
        for (int i = 0; i < WINDOWS.length; i++) {
            queries.add(new SqlQuery(way, WINDOWS[i], STEPS[i]));
        }
        return queries;
    }

    /** Runs it. */
    Report run() throws Exception {
        Report report = new Report("streaming");
        report.condition("view", "count, sum, mean, max of an integer over 1h, 24h, 7d");
        report.condition("keys", sizes.keys());
        report.condition("checkpointInterval", CHECKPOINTS.toString());
        report.condition("flushInterval", JobShape.FLUSH_INTERVAL.toString());
        report.condition("parallelism", JobShape.PARALLELISM);
        report.condition("state", "hashmap");
        report.condition("timeToLive", "none, on either side");
        for (Span span : List.of(new Span("replay", Duration.ofDays(8)), new Span("live", Duration.ofMinutes(2)))) {
            compare(report, span);
        }
        return report;
    }

    /** Over how much of the events' time the same number of events is spread. */
    private record Span(String name, Duration length) {}

    private void compare(Report report, Span span) throws Exception {
        Workload workload =
                new Workload(sizes.keys(), sizes.events(), span.length().toMillis(), new Workload.Skew.Uniform(), SEED);
        report.condition(span.name(), sizes.events() + " events over " + span.length());
        String topic = "streaming-" + span.name();
        platform.load(topic, workload);
        warmUp(topic + "-warm", workload.first(sizes.warmUpEvents()));
        Sample sample = new Sample(workload, SAMPLED_KEYS);

        Measured floor = floor(topic, workload);
        report.measured(span.name() + " floor", floor);
        Measured ours = ours(topic, workload, sample);
        report.measured(span.name() + " tidewheel", ours);
        Map<Way, Measured> peers = new LinkedHashMap<>();
        for (Way way : Way.values()) {
            Measured peer = sql(way, topic, workload, sample, sizes.peerLimit());
            report.measured(span.name() + " Flink SQL " + way, peer);
            peers.put(way, peer);
        }
        double best = peers.values().stream()
                .mapToDouble(Measured::eventsPerSecond)
                .max()
                .orElseThrow();
        report.figure(span.name() + ": tidewheel / floor", ours.eventsPerSecond() / floor.eventsPerSecond(), 0.6, true);
        report.figure(span.name() + ": tidewheel / best Flink SQL", ours.eventsPerSecond() / best, 10, true);
    }

    private void warmUp(String topic, Workload workload) throws Exception {
        if (workload.events() == 0) {
            return;
        }
        platform.load(topic, workload);
        Sample sample = new Sample(workload, 1);
        floor(topic, workload);
        ours(topic, workload, sample);
        for (Way way : Way.values()) {
            sql(way, topic, workload, sample, WARM_UP);
        }
    }

    Measured floor(String topic, Workload workload) throws Exception {
        String run = "floor-" + topic;
        FeatureJobConfig config = new JobShape(topic, CHECKPOINTS, StateBackend.HASHMAP).config(platform);
        Arrived arrived = Arrived.of(run);
        return meter.run(
                Meter.NO_LIMIT,
                workload::events,
                () -> FloorJob.start(run, config, platform.redisUri()),
                () -> arrived.rows() >= workload.events(),
                arrived::rows,
                arrived::toString,
                () -> {});
    }

    private Measured ours(String topic, Workload workload, Sample sample) throws Exception {
        return OurRun.measure(
                meter,
                platform,
                new JobShape(topic, CHECKPOINTS, StateBackend.HASHMAP),
                workload,
                ViewShape.four(WINDOWS),
                sample);
    }

    private Measured sql(Way way, String topic, Workload workload, Sample sample, Duration patience) throws Exception {
        String run = way + "-" + topic;
        FeatureJobConfig config = new JobShape(topic, CHECKPOINTS, StateBackend.HASHMAP).config(platform);
        List<SqlQuery> queries = queries(way);
        Arrived arrived = Arrived.of(run);
        long watermark = workload.completeTime() - 1;
        return meter.run(
                patience,
                () -> workload.eventsThrough(arrived.through(queries.size() * JobShape.PARALLELISM)),
                () -> SqlJob.start(run, config, queries, platform.redisUri()),
                () -> arrived.reached(queries.size() * JobShape.PARALLELISM, watermark),
                arrived::rows,
                arrived::toString,
                () -> SqlCheck.check(platform, queries, sample, watermark));
    }
}
