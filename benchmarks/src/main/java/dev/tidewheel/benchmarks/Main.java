package dev.tidewheel.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code benchmark [--quick] [--out FOLDER] NAME…}: runs benchmarks and writes a JSON file for each. */
public final class Main {
    private static final List<String> ALL = List.of("writer", "streaming", "freshness", "growth");

    private Main() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("log4j2.configurationFile", "benchmark-log.xml");
        Sizes sizes = Sizes.FULL;
        Path folder = Path.of("benchmarks", "results");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> sizes = Sizes.QUICK;
                case "--events" -> sizes = sizes.withEvents(Long.parseLong(arguments[++i]));
                case "--growth-keys" -> sizes = sizes.withGrowthKeys(Integer.parseInt(arguments[++i]));
                case "--out" -> folder = Path.of(arguments[++i]);
                default -> names.add(arguments[i]);
            }
        }
        for (String name : names.isEmpty() ? ALL : names) {
            try (Platform platform = new Platform()) {
                Report report = run(name, platform, sizes);
                Report.say("  written to " + report.save(folder, Machine.describe()));
            }
        }
        // Clients of Flink and Kafka leave threads behind.
        System.exit(0);
    }

    static Report run(String name, Platform platform, Sizes sizes) throws Exception {
        return switch (name) {
            case "freshness" -> new FreshnessBenchmark(platform, sizes).run();
            case "growth" -> new GrowthBenchmark(platform, sizes).run();
            case "writer" -> new WriterBenchmark(platform, sizes).run();
            case "profile" -> new ProfileBenchmark(platform, sizes).run();
            case "streaming" -> new StreamingBenchmark(platform, sizes).run();
            default -> throw new IllegalArgumentException("no benchmark '" + name + "'; there are " + ALL);
        };
    }
}
