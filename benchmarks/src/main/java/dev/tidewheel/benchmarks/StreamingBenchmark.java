package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.Meter.Patience;
import dev.tidewheel.benchmarks.SqlQuery.Way;
import dev.tidewheel.benchmarks.Workload.Stretch;
import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Throughput from Kafka to Redis: count, sum, mean and max over an hour, a day and a week, beside the floor and beside Flink
 * SQL in its three ways, after a week of history that fills everybody's windows. All have the same settings, and what they
 * wrote is held against naive recomputations.
 */
final class StreamingBenchmark {
    static final Duration[] WINDOWS = {Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7)};
    private static final Duration[] STEPS = {Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(6)};
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);
    static final Workload.Skew ZIPF = new Workload.Skew.Zipf(1);
    private static final String TOPIC = "streaming";
    private static final String TOPIC_OF_PEERS = "streaming-peers";
    private static final String TOPIC_OF_ZIPF = "streaming-zipf";
    private static final int SAMPLED_KEYS = 200;
    private static final long SEED = 20_261_121;

    private final Platform platform;
    private final Sizes sizes;

    StreamingBenchmark(Platform platform, Sizes sizes) {
        this.platform = platform;
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
        report.condition("flushIntervalBehind", JobShape.BEHIND_INTERVAL.toString());
        report.condition("parallelism", JobShape.PARALLELISM);
        report.condition("state", "hashmap");
        report.condition("timeToLive", "none, on either side");
        Stretch history = Stretch.week(sizes.history());
        Stretch live = Stretch.live(sizes.events());
        Workload all = workload(sizes, List.of(history, Stretch.replay(history, sizes.events()), live));
        Workload ofPeers = workload(sizes, List.of(history, Stretch.replay(history, dayOfPeers(sizes)), live));
        report.condition("Zipf", ZIPF.toString());
        report.condition("stretches", all.stretches().toString());
        report.condition("stretches of Flink SQL", ofPeers.stretches().toString());

        platform.load(TOPIC, all);
        List<Measured> floor = floor(TOPIC, all);
        report.measured("floor", all, floor);
        List<Measured> ours = ours(TOPIC, all);
        report.measured("tidewheel", all, ours);
        List<List<Measured>> peers = peers(report, ofPeers);
        for (int i = 0; i < ours.size(); i++) {
            String name = all.stretches().get(i + 1).name();
            double speed = ours.get(i).eventsPerSecond();
            report.figure(name + ": tidewheel / floor", speed / floor.get(i).eventsPerSecond(), 0.6, true);
            OptionalDouble best = best(peers, i);
            if (best.isPresent()) {
                report.figure(name + ": tidewheel / best Flink SQL", speed / best.getAsDouble(), 10, true);
            } else {
                report.condition(name + ": best Flink SQL", "none came so far");
            }
        }
        zipf(report);
        return report;
    }

    /** The events of a day: in more of them a peer would do the same for longer. */
    static long dayOfPeers(Sizes sizes) {
        return Math.min(sizes.events(), Math.max(1, sizes.history() / 7));
    }

    private List<List<Measured>> peers(Report report, Workload workload) throws Exception {
        platform.load(TOPIC_OF_PEERS, workload);
        Sample sample = new Sample(workload, SAMPLED_KEYS);
        List<List<Measured>> peers = new ArrayList<>();
        for (Way way : Way.values()) {
            List<Measured> peer = sql(TOPIC_OF_PEERS, way, sample);
            report.measured("Flink SQL " + way, workload, peer);
            peers.add(peer);
        }
        return peers;
    }

    /** The greatest speed in a stretch, of those that came so far. */
    private static OptionalDouble best(List<List<Measured>> peers, int stretch) {
        return peers.stream()
                .filter(peer -> peer.size() > stretch)
                .mapToDouble(peer -> peer.get(stretch).eventsPerSecond())
                .max();
    }

    /** Hot keys, live, for information. */
    private void zipf(Report report) throws Exception {
        List<Stretch> stretches = List.of(Stretch.week(sizes.history()), Stretch.live(sizes.events()));
        Workload workload = workload(sizes, stretches, ZIPF);
        platform.load(TOPIC_OF_ZIPF, workload);
        Measured floor = floor(TOPIC_OF_ZIPF, workload).get(0);
        report.measured("live Zipf floor", floor);
        Measured ours = ours(TOPIC_OF_ZIPF, workload).get(0);
        report.measured("live Zipf tidewheel", ours);
        report.figure("live Zipf: tidewheel / floor", ours.eventsPerSecond() / floor.eventsPerSecond());
    }

    /** All keys equally frequent: few change again soon. */
    static Workload workload(Sizes sizes, List<Stretch> stretches) {
        return workload(sizes, stretches, new Workload.Skew.Uniform());
    }

    static Workload workload(Sizes sizes, List<Stretch> stretches, Workload.Skew skew) {
        return new Workload(sizes.keys(), stretches, skew, SEED);
    }

    List<Measured> floor(String topic, Workload workload) throws Exception {
        String run = "floor-" + topic;
        FeatureJobConfig config = new JobShape(topic, CHECKPOINTS, StateBackend.HASHMAP).config(platform);
        Arrived arrived = Arrived.of(run);
        Subject subject = new Subject(
                () -> FloorJob.start(run, config, platform.redisUri()),
                workload.events(),
                arrived::rows,
                arrived::rows,
                arrived::toString,
                () -> {});
        return new Meter(platform).run(subject, workload, Patience.ENDLESS);
    }

    List<Measured> ours(String topic, Workload workload) throws Exception {
        JobShape shape = new JobShape(topic, CHECKPOINTS, StateBackend.HASHMAP);
        return OurRun.measure(platform, shape, ViewShape.four(WINDOWS), new Sample(workload, SAMPLED_KEYS));
    }

    List<Measured> sql(String topic, Way way, Sample sample) throws Exception {
        String run = way + "-" + topic;
        FeatureJobConfig config = new JobShape(topic, CHECKPOINTS, StateBackend.HASHMAP).config(platform);
        List<SqlQuery> queries = queries(way);
        int sinks = queries.size() * JobShape.PARALLELISM;
        Arrived arrived = Arrived.of(run);
        Workload workload = sample.workload();
        long last = workload.completeTime() - 1;
        Subject subject = new Subject(
                () -> SqlJob.start(run, config, queries, platform.redisUri()),
                workload.eventsThrough(last),
                () -> workload.eventsThrough(arrived.through(sinks)),
                arrived::rows,
                arrived::toString,
                () -> SqlCheck.check(platform, queries, sample, last));
        return new Meter(platform).run(subject, workload, sizes.peers());
    }
}
