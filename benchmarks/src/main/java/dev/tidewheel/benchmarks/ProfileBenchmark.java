package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.Workload.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Our job over what {@link StreamingBenchmark} measures, in a minute: to attach a profiler to, and to try changes. */
final class ProfileBenchmark {
    /** What it can do. */
    enum Part {
        /** The floor, for a ratio. */
        FLOOR,
        /** Our job while history goes on. */
        REPLAY,
        /** Our job, live. */
        LIVE
    }

    private final Platform platform;
    private final Sizes sizes;
    private final Set<Part> parts;

    ProfileBenchmark(Platform platform, Sizes sizes, Set<Part> parts) {
        this.platform = platform;
        this.sizes = sizes;
        this.parts = Set.copyOf(parts);
    }

    /** Runs it. */
    Report run() throws Exception {
        Report report = new Report("profile");
        Workload workload = workload();
        platform.load("profile", workload);
        StreamingBenchmark streaming = new StreamingBenchmark(platform, sizes);
        if (parts.contains(Part.FLOOR)) {
            report.measured("floor", workload, streaming.floor("profile", workload));
        }
        report.measured("tidewheel", workload, streaming.ours("profile", workload));
        return report;
    }

    private Workload workload() {
        Stretch history = Stretch.week(sizes.history());
        List<Stretch> stretches = new ArrayList<>(List.of(history));
        if (parts.contains(Part.REPLAY)) {
            stretches.add(Stretch.replay(history, sizes.events()));
        }
        if (parts.contains(Part.LIVE)) {
            stretches.add(Stretch.live(sizes.events()));
        }
        return StreamingBenchmark.workload(sizes, stretches);
    }
}
