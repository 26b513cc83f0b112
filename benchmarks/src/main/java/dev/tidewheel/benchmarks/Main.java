package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.ProfileBenchmark.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Runs benchmarks and writes a JSON file for each. */
public final class Main {
    private static final String HISTORY = "history";
    private static final String HOT_HISTORY = "history-hot";
    private static final List<String> ALL = List.of("writer", "streaming", "freshness", "growth", HISTORY, HOT_HISTORY);
    private static final String PROFILE = "profile";
    private static final String SPARK = "spark";
    private static final String FEAST = "feast";
    private static final List<String> PEERS = List.of(SPARK, FEAST);
    private static final int MISUSED = 2;
    private static final String HELP = """
            Usage: tidewheel benchmark [NAME…] [--quick] [--history N] [--events N] [--only PARTS]
                                      [--growth-keys N] [--data FOLDER] [--peers PEERS] [--out FOLDER]
            Measures the way of a stream and of history beside what they are compared with, and writes a JSON file for
            each comparison.

              NAME             writer, streaming, freshness, growth, history, history-hot; all of them unless
                               named.
                               profile: our job and the floor alone, to attach a profiler to
              --quick          tries everything out; its figures say nothing
              --history N      events of the week before what streaming, profile and freshness measure
              --events N       of each part that streaming and profile measure
              --only PARTS     of profile, separated by commas: replay, live; floor, hop, over, cumulate (beside our
                               job); zipf. replay,live,floor unless said
              --growth-keys N  the most keys of growth
              --data FOLDER    where histories are kept for the next run; benchmarks/target/history unless said
              --peers PEERS    of histories, separated by commas: spark, which is downloaded (290 MB) and built; feast,
                               which is installed (700 MB) by the python3 of the PATH. What cannot be had is left out,
                               which is told
              --out FOLDER     for the JSON files; benchmarks/results unless said

            Exit codes: 0 measured, whatever was reached; 1 it failed, or a result was wrong; 2 misused.
            docs/benchmarks.md says what is measured, and how.""";

    private Main() {}

    /** What was asked for. */
    private record Request(
            Sizes sizes, Set<Part> parts, Path data, Set<String> peers, Path folder, List<String> names) {

        /** @throws IllegalArgumentException if it makes no sense */
        static Request of(String[] arguments) {
            Sizes sizes = Sizes.FULL;
            Path data = Path.of("benchmarks", "target", "history");
            Set<String> peers = Set.of();
            Path folder = Path.of("benchmarks", "results");
            Set<Part> parts = Part.USUAL;
            List<String> names = new ArrayList<>();
            for (int i = 0; i < arguments.length; i++) {
                switch (arguments[i]) {
                    case "--quick" -> sizes = Sizes.QUICK;
                    case "--history" -> sizes = sizes.withHistory(number(arguments, ++i));
                    case "--only" -> parts = parts(value(arguments, ++i));
                    case "--events" -> sizes = sizes.withEvents(number(arguments, ++i));
                    case "--growth-keys" -> sizes = sizes.withGrowthKeys(Math.toIntExact(number(arguments, ++i)));
                    case "--data" -> data = Path.of(value(arguments, ++i));
                    case "--peers" -> peers = peers(value(arguments, ++i));
                    case "--out" -> folder = Path.of(value(arguments, ++i));
                    default -> names.add(known(arguments[i]));
                }
            }
            return new Request(sizes, parts, data, peers, folder, names.isEmpty() ? ALL : names);
        }

        private static Set<Part> parts(String names) {
            Set<Part> parts = EnumSet.noneOf(Part.class);
            for (String name : names.split(",", -1)) {
                parts.add(Arrays.stream(Part.values())
                        .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("--only knows no '" + name + "'")));
            }
            if (!parts.contains(Part.REPLAY) && !parts.contains(Part.LIVE)) {
                throw new IllegalArgumentException("--only takes replay or live, or both, and more");
            }
            return parts;
        }

        private static Set<String> peers(String names) {
            Set<String> peers = Set.copyOf(Arrays.asList(names.split(",", -1)));
            if (!PEERS.containsAll(peers)) {
                throw new IllegalArgumentException("--peers knows " + PEERS + ", got '" + names + "'");
            }
            return peers;
        }

        private static String known(String name) {
            if (!ALL.contains(name) && !name.equals(PROFILE)) {
                throw new IllegalArgumentException("no benchmark '" + name + "'; there are " + ALL + " and " + PROFILE);
            }
            return name;
        }

        private static long number(String[] arguments, int at) {
            String value = value(arguments, at);
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(arguments[at - 1] + " takes a number, got '" + value + "'", e);
            }
        }

        private static String value(String[] arguments, int at) {
            if (at >= arguments.length) {
                throw new IllegalArgumentException(arguments[at - 1] + " takes a value");
            }
            return arguments[at];
        }
    }

    /** See the help. */
    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).contains("--help")) {
            Report.say(HELP);
            return;
        }
        Request request;
        try {
            request = Request.of(arguments);
        } catch (IllegalArgumentException e) {
            Report.say("tidewheel benchmark: " + e.getMessage() + "; --help says what there is");
            System.exit(MISUSED);
            return;
        }
        System.setProperty("log4j2.configurationFile", "benchmark-log.xml");
        for (String name : request.names()) {
            Report report = measure(name, request);
            Report.say("  written to " + report.save(request.folder(), Machine.describe()));
        }
        // Clients of Flink and Kafka leave threads behind.
        System.exit(0);
    }

    private static Report measure(String name, Request request) throws Exception {
        int by = request.sizes().historyPart();
        if (name.equals(HISTORY)) { // Needs no broker and no store.
            return history(HistoryShape.uniform(by), request);
        }
        if (name.equals(HOT_HISTORY)) {
            return history(HistoryShape.hot(by), request);
        }
        try (Platform platform = new Platform()) {
            return run(name, platform, request.sizes(), request.parts());
        }
    }

    private static Report history(HistoryShape shape, Request request) throws Exception {
        Path repository = Path.of("").toAbsolutePath();
        Optional<Spark> spark = request.peers().contains(SPARK) ? Spark.build(repository) : Optional.empty();
        Optional<Feast> feast =
                request.peers().contains(FEAST) ? Feast.install("python3", repository) : Optional.empty();
        return new HistoryBenchmark(shape, request.data(), spark, feast).run();
    }

    static Report run(String name, Platform platform, Sizes sizes, Set<Part> parts) throws Exception {
        return switch (name) {
            case "freshness" -> new FreshnessBenchmark(platform, sizes).run();
            case "growth" -> new GrowthBenchmark(platform, sizes).run();
            case "writer" -> new WriterBenchmark(platform, sizes).run();
            case PROFILE -> new ProfileBenchmark(platform, sizes, parts).run();
            case "streaming" -> new StreamingBenchmark(platform, sizes).run();
            default -> throw new IllegalArgumentException("no benchmark '" + name + "'; there are " + ALL);
        };
    }
}
