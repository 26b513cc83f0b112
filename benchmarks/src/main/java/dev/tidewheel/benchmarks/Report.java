package dev.tidewheel.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one benchmark found: its conditions and its figures, told while it runs and kept as JSON. Figures that compare are
 * ratios of one run. Not thread-safe.
 */
final class Report {
    private final String name;
    private final Map<String, Object> conditions = new LinkedHashMap<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();

    Report(String name) {
        this.name = name;
        say(name);
    }

    /** Something that was the same for all that is compared. */
    void condition(String what, Object value) {
        conditions.put(what, value);
    }

    /** A job's measurements of a workload's stretches after the history. */
    void measured(String who, Workload workload, List<Measured> stretches) {
        for (int i = 0; i < stretches.size(); i++) {
            Measured measured = stretches.get(i);
            int stretch = measured.end() == Measured.End.NOT_FILLED ? 0 : i + 1;
            measured(workload.stretches().get(stretch).name() + " " + who, measured);
        }
    }

    /** A job's measurement. */
    void measured(String what, Measured measured) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("end", measured.end().name());
        parts.put("events", measured.events());
        parts.put("eventsPerSecond", Math.round(measured.eventsPerSecond()));
        parts.put("seconds", rounded(measured.seconds()));
        parts.put("cpuMicrosPerEvent", rounded(measured.cpuMicrosPerEvent()));
        parts.put("redisCpuMicrosPerEvent", rounded(measured.perEvent(measured.redisCpuSeconds() * 1e6)));
        parts.put("jitMicrosPerEvent", rounded(measured.perEvent(measured.jitSeconds() * 1e6)));
        parts.put("gcMicrosPerEvent", rounded(measured.perEvent(measured.gcSeconds() * 1e6)));
        parts.put("allocatedBytesPerEvent", rounded(measured.perEvent(measured.allocatedBytes())));
        parts.put("bytesToRedisPerEvent", rounded(measured.perEvent(measured.redisBytes())));
        parts.put("valuesPerEvent", rounded(measured.perEvent(measured.values())));
        figures.put(what, parts);
        say("  " + what + ": " + measured);
    }

    /** What a process of its own took. */
    void took(String what, OwnProcess.Took took) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("wholeSeconds", rounded(took.wholeSeconds()));
        parts.put("seconds", rounded(took.seconds()));
        parts.put("cpuSeconds", rounded(took.cpuSeconds()));
        parts.put("mostMiB", Math.round(took.mostMiB()));
        took.reached().forEach((part, at) -> parts.put(part + "AtSeconds", rounded(at)));
        figures.put(what, parts);
        say("  " + what + ": " + parts);
    }

    /** Why a process got no figure. */
    void gaveUp(String what, String why) {
        figures.put(what, why);
        say("  " + what + ": " + why);
    }

    /** A figure, rounded to three digits behind the point. */
    void figure(String what, double value) {
        figures.put(what, rounded(value));
        say(String.format(Locale.ROOT, "  %s: %.3f", what, value));
    }

    /** A figure with what is to be reached; missing it is told, and is no error. */
    void figure(String what, double value, double reach, boolean atLeast) {
        boolean reached = atLeast ? value >= reach : value <= reach;
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("value", rounded(value));
        parts.put(atLeast ? "atLeast" : "atMost", reach);
        parts.put("reached", reached);
        figures.put(what, parts);
        say(String.format(
                Locale.ROOT,
                "  %s: %.3f (%s %s: %s)",
                what,
                value,
                atLeast ? "at least" : "at most",
                reach,
                reached ? "reached" : "NOT reached"));
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    /** Writes the file and returns it. */
    Path save(Path folder, Map<String, Object> machine) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("benchmark", name);
        document.put("at", Instant.now().toString());
        document.put("machine", machine);
        document.put("conditions", conditions);
        document.put("figures", figures);
        Path file = folder.resolve(name + ".json");
        try {
            Files.createDirectories(folder);
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    @SuppressWarnings("SystemOut") // A command's output.
    static void say(String line) {
        System.out.println(line);
    }
}
