package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.FeatureJobConfig;
import java.util.concurrent.atomic.AtomicLong;

/** Measures our job over a topic and holds what it stored against the oracle. */
final class OurRun {
    private static final AtomicLong RUNS = new AtomicLong();

    private OurRun() {}

    static Measured measure(
            Meter meter, Platform platform, JobShape shape, Workload workload, ViewShape view, Sample sample)
            throws Exception {
        return measure(meter, platform, shape, workload, view, sample, false);
    }

    /** As it runs in production, raw table and all, if asked. */
    static Measured measure(
            Meter meter,
            Platform platform,
            JobShape shape,
            Workload workload,
            ViewShape view,
            Sample sample,
            boolean rawTable)
            throws Exception {
        String run = "ours-" + shape.topic() + "-" + RUNS.incrementAndGet();
        FeatureJobConfig config = shape.config(platform);
        Confirmed confirmed = Confirmed.of(run);
        return meter.run(
                Meter.NO_LIMIT,
                workload::events,
                () -> OurJob.start(run, config, view, rawTable),
                () -> confirmed.covers(workload, JobShape.PARALLELISM),
                confirmed::statesWritten,
                confirmed::toString,
                () -> OracleCheck.check(platform, shape.topic(), view, sample));
    }
}
