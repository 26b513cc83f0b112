package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.FeatureJobConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Measures our job over a topic and holds what it stored against the oracle. */
final class OurRun {
    private static final AtomicLong RUNS = new AtomicLong();

    private OurRun() {}

    /** Of each stretch after the history. */
    static List<Measured> measure(Platform platform, JobShape shape, ViewShape view, Sample sample) throws Exception {
        String run = "ours-" + shape.topic() + "-" + RUNS.incrementAndGet();
        FeatureJobConfig config = shape.config(platform);
        Confirmed confirmed = Confirmed.of(run);
        Workload workload = sample.workload();
        Subject subject = new Subject(
                () -> OurJob.start(run, config, view),
                workload.events(),
                () -> confirmed.events(JobShape.PARALLELISM),
                confirmed::statesWritten,
                confirmed::toString,
                () -> OracleCheck.check(platform, shape.topic(), view, sample));
        return new Meter(platform).run(subject, workload, Meter.Patience.ENDLESS);
    }
}
