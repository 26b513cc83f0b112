package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.SqlQuery.Way;
import dev.tidewheel.benchmarks.Workload.Stretch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Our job over what {@link StreamingBenchmark} measures: to attach a profiler to, and to try changes. */
final class ProfileBenchmark {
    /** What it can do, beside our job over the history. */
    enum Part {
        /** The floor, for a ratio. */
        FLOOR,
        /** A peer; the stretches are then as long as the peers' are. */
        HOP,
        /** A peer. */
        OVER,
        /** A peer. */
        CUMULATE,
        /** History goes on. */
        REPLAY,
        /** Two minutes of thousands of events per second. */
        LIVE,
        /** Hot keys. */
        ZIPF;

        /** Unless something else is said. */
        static final Set<Part> USUAL = Set.of(FLOOR, REPLAY, LIVE);
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
        report.condition("stretches", workload.stretches().toString());
        platform.load("profile", workload);
        StreamingBenchmark streaming = new StreamingBenchmark(platform, sizes);
        if (parts.contains(Part.FLOOR)) {
            report.measured("floor", workload, streaming.floor("profile", workload));
        }
        report.measured("tidewheel", workload, streaming.ours("profile", workload));
        for (Way way : peers()) {
            List<Measured> peer = streaming.sql("profile", way, new Sample(workload, 20));
            report.measured("Flink SQL " + way, workload, peer);
        }
        return report;
    }

    private Set<Way> peers() {
        Set<Way> peers = EnumSet.noneOf(Way.class);
        for (Way way : Way.values()) {
            if (parts.contains(Part.valueOf(way.name()))) {
                peers.add(way);
            }
        }
        return peers;
    }

    private Workload workload() {
        Stretch history = Stretch.week(sizes.history());
        List<Stretch> stretches = new ArrayList<>(List.of(history));
        if (parts.contains(Part.REPLAY)) {
            long events = peers().isEmpty() ? sizes.events() : StreamingBenchmark.dayOfPeers(sizes);
            stretches.add(Stretch.replay(history, events));
        }
        if (parts.contains(Part.LIVE)) {
            stretches.add(Stretch.live(sizes.events()));
        }
        Workload.Skew skew = parts.contains(Part.ZIPF) ? StreamingBenchmark.ZIPF : new Workload.Skew.Uniform();
        return StreamingBenchmark.workload(sizes, stretches, skew);
    }
}
