package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.Workload.Stretch;
import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How long an event takes until its value can be read from Redis: at a fixed rate, over many checkpoints, with one failure
 * and restore in between, in the configuration of {@link StreamingBenchmark}. A quarter of the time goes by at the same
 * rate before: a broker, a producer and a job are still being compiled in their first seconds.
 *
 * <p>The load is open: every event has a moment at which it is due, whatever happened to those before, and its time runs
 * from then, so a job that stands still is charged for everything that waited.<sup>1</sup> It ends when Redis has confirmed
 * the first flush whose cut contains the event. No event is left out and none is sampled: cuts say it of all.
 *
 * <p><sup>1</sup> What Gil Tene named coordinated omission, "How NOT to Measure Latency", 2013.
 */
final class FreshnessBenchmark {
    private static final long SEED = 4;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long FRESH_MICROS = 50_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String TOPIC = "freshness";
    private static final double FAILURE_AT = 0.5;
    private static final double WARM_UP = 0.25;
    /** How long the producer waits for more before it sends, as one of thousands of records per second does. */
    private static final int LINGER_MILLIS = 2;
    /** From one look at the clock to the next: a thread that wakes up for every event takes a tenth of a core. */
    private static final long TICK_NANOS = 1_000_000;

    private final Platform platform;
    private final Sizes sizes;

    FreshnessBenchmark(Platform platform, Sizes sizes) {
        this.platform = platform;
        this.sizes = sizes;
    }

    /** When each event after the history was due, from which on they count, and when the job was made to fail. */
    private record Timeline(long history, long counted, long startNanos, long rate, long failureNanos) {
        long dueNanos(long event) {
            return startNanos + (event - history) * SECOND_NANOS / rate;
        }

        Timeline failing() {
            return new Timeline(history, counted, startNanos, rate, System.nanoTime());
        }
    }

    /** What a partition's events for one subtask show of the failure: each comes back at a time of its own. */
    private enum Felt {
        NOT_YET,
        NOW,
        OVER
    }

    /** Runs it. */
    Report run() throws Exception {
        Report report = new Report("freshness");
        long rate = sizes.freshRate();
        long history = sizes.history();
        long warm = Math.round(rate * sizes.freshSeconds() * WARM_UP);
        long live = warm + rate * sizes.freshSeconds();
        Workload workload = new Workload(
                sizes.keys(),
                List.of(Stretch.week(history), new Stretch("live", live, live * 1_000 / rate)),
                new Workload.Skew.Uniform(),
                SEED);
        report.condition("history", history + " events over a week");
        report.condition("warmUp", warm + " events at the same rate");
        report.condition("eventsPerSecond", rate);
        report.condition("seconds", sizes.freshSeconds());
        report.condition("keys", sizes.keys());
        report.condition("checkpointInterval", sizes.freshCheckpoints().toString());
        report.condition("flushInterval", JobShape.FLUSH_INTERVAL.toString());
        platform.clearRedis();
        platform.load(TOPIC, workload, history);
        String run = "freshness-" + System.nanoTime();
        Confirmed confirmed = Confirmed.of(run);
        ViewShape view = ViewShape.four(StreamingBenchmark.WINDOWS);
        FeatureJobConfig config = new JobShape(TOPIC, sizes.freshCheckpoints(), StateBackend.HASHMAP).config(platform);
        JobClient job = OurJob.start(run, config, view);
        try {
            awaitCovered(confirmed, history);
            Timeline timeline = send(workload, history, warm, rate, confirmed);
            awaitCovered(confirmed, workload.events());
            OracleCheck.check(platform, TOPIC, view, new Sample(workload, 200));
            report(report, workload, timeline, confirmed);
        } finally {
            Meter.stop(job);
        }
        return report;
    }

    private static void awaitCovered(Confirmed confirmed, long events) {
        Deadline.await("all values", LIMIT, () -> confirmed.covers(events, JobShape.PARALLELISM), confirmed::toString);
    }

    private Timeline send(Workload workload, long history, long warm, long rate, Confirmed confirmed) {
        long counted = history + warm;
        long failAt = counted + Math.round((workload.events() - counted) * FAILURE_AT);
        EventBytes bytes = new EventBytes();
        try (KafkaProducer<byte[], byte[]> producer = platform.producer(
                Map.of(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS, ProducerConfig.ACKS_CONFIG, "all"))) {
            Timeline timeline = new Timeline(history, counted, System.nanoTime(), rate, 0);
            for (long event = history; event < workload.events(); event++) {
                if (event == failAt) {
                    confirmed.failOnce();
                    timeline = timeline.failing();
                }
                long due = timeline.dueNanos(event);
                for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(Math.max(early, TICK_NANOS));
                }
                var unused = producer.send(Platform.record(TOPIC, workload, event, bytes));
            }
            producer.flush();
            return timeline;
        }
    }

    private void report(Report report, Workload workload, Timeline timeline, Confirmed confirmed) {
        Histogram all = new Histogram(3);
        Histogram undisturbed = new Histogram(3);
        long restoredNanos = latencies(workload, timeline, confirmed, all, undisturbed);
        report.condition("checkpoints", checkpoints());
        report.condition("starts of subtasks", confirmed.attempts());
        report.figure("events", all.getTotalCount());
        report.figure("p50, ms", millis(all, 50), 20, false);
        report.figure("p99, ms", millis(all, 99), 50, false);
        report.figure("p99.9, ms", millis(all, 99.9));
        report.figure("max, ms", millis(all, 100));
        report.figure("without the restore: p50, ms", millis(undisturbed, 50), 20, false);
        report.figure("without the restore: p99, ms", millis(undisturbed, 99), 50, false);
        report.figure("without the restore: p99.9, ms", millis(undisturbed, 99.9));
        report.figure("without the restore: max, ms", millis(undisturbed, 100));
        report.figure(
                "from the failure until events are fresh again, ms", (restoredNanos - timeline.failureNanos()) / 1e6);
        if (confirmed.attempts() <= JobShape.PARALLELISM) {
            throw new IllegalStateException("the job was not restored: " + confirmed.attempts() + " starts");
        }
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }

    /**
     * Fills the histograms, in microseconds.
     *
     * @return from when on, after the failure, the events of all partitions were fresh again in all subtasks
     */
    private static long latencies(
            Workload workload, Timeline timeline, Confirmed confirmed, Histogram all, Histogram undisturbed) {
        Map<Integer, List<Confirmed.Reached>> reached = confirmed.reached();
        int[][] at = new int[JobShape.PARALLELISM][Workload.PARTITIONS];
        Felt[][] felt = new Felt[JobShape.PARALLELISM][Workload.PARTITIONS];
        for (Felt[] ofSubtask : felt) {
            Arrays.fill(ofSubtask, Felt.NOT_YET);
        }
        long restored = timeline.failureNanos();
        for (long event = timeline.counted(); event < workload.events(); event++) {
            int subtask = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    workload.key(event), JobShape.MAX_PARALLELISM, JobShape.PARALLELISM);
            List<Confirmed.Reached> list = reached.getOrDefault(subtask, List.of());
            int partition = Workload.partition(event);
            while (list.get(at[subtask][partition]).nextOffsets()[partition] <= Workload.offset(event)) {
                at[subtask][partition]++;
            }
            long nanos = list.get(at[subtask][partition]).nanos();
            long micros = Math.max(0, nanos - timeline.dueNanos(event)) / 1_000;
            all.recordValue(micros);
            boolean late = micros > FRESH_MICROS;
            if (felt[subtask][partition] == Felt.NOT_YET && late && nanos >= timeline.failureNanos()) {
                felt[subtask][partition] = Felt.NOW;
            } else if (felt[subtask][partition] == Felt.NOW && !late) {
                felt[subtask][partition] = Felt.OVER;
                restored = Math.max(restored, timeline.dueNanos(event));
            }
            if (felt[subtask][partition] != Felt.NOW) {
                undisturbed.recordValue(micros);
            }
        }
        return restored;
    }

    /** How many were completed: Flink numbers their folders. */
    private long checkpoints() {
        try (Stream<Path> folders = Files.walk(platform.folder().resolve("checkpoints"), 2)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("chk-"))
                    .mapToLong(name -> Long.parseLong(name.substring("chk-".length())))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
