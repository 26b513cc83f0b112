package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import java.time.Duration;

/** Our job alone, several times: to attach a profiler to. */
final class ProfileBenchmark {
    private static final int TIMES = 2;

    private final Platform platform;
    private final Sizes sizes;

    ProfileBenchmark(Platform platform, Sizes sizes) {
        this.platform = platform;
        this.sizes = sizes;
    }

    /** Runs it. */
    Report run() throws Exception {
        Report report = new Report("profile");
        Meter meter = new Meter(platform);
        StreamingBenchmark floor = new StreamingBenchmark(platform, sizes);
        for (Duration span : new Duration[] {Duration.ofDays(8), Duration.ofMinutes(2)}) {
            Workload workload =
                    new Workload(sizes.keys(), sizes.events(), span.toMillis(), new Workload.Skew.Uniform(), 1);
            String topic = "profile-" + span.toMinutes();
            platform.load(topic, workload);
            report.measured("floor " + span, floor.floor(topic, workload));
            for (int i = 0; i < TIMES; i++) {
                Measured measured = OurRun.measure(
                        meter,
                        platform,
                        new JobShape(topic, Duration.ofSeconds(2), StateBackend.HASHMAP),
                        workload,
                        ViewShape.four(StreamingBenchmark.WINDOWS),
                        new Sample(workload, 20));
                report.measured(span + " " + i, measured);
            }
        }
        return report;
    }
}
