package dev.tidewheel.history.sql;

import dev.tidewheel.feature.aggregate.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What estimates are held to, as docs/values.md has it. The database counts exactly. */
final class Bounds {
    /** A wrong hash would be further away than so many standard errors; chance is not, in a fixed set of questions. */
    private static final double STANDARD_ERRORS = 5;

    private static final Pattern PAIR = Pattern.compile("\\[(\"?)([^\"\\[\\]]*)\\1,(\\d+)]");

    private Bounds() {}

    /** Of {@code approx_distinct}: 1.04/√2^precision, relatively; of few values two may share a register. */
    static boolean isNear(long estimate, long exact, Parameters parameters) {
        double standardError = 1.04 / Math.sqrt(Math.pow(2, parameters.number("precision")));
        return Math.abs(estimate - exact) <= 1 + STANDARD_ERRORS * standardError * exact;
    }

    /**
     * What is wrong with a list of {@code frequent}: of n values, an estimate is never too high and at most
     * n/(counters + 1) too low, so no value that is missing came more often than that beyond the last one listed.
     *
     * @param listed the engine's JSON
     * @param counted all values and their counts, as {@code a,b/2,1}
     */
    static Optional<String> frequent(String listed, String counted, Parameters parameters) {
        Map<String, Long> exact = counts(counted);
        long n = exact.values().stream().mapToLong(Long::longValue).sum();
        double tooLow = n / (parameters.number("counters") + 1);
        Map<String, Long> estimates = new LinkedHashMap<>();
        PAIR.matcher(listed).results().forEach(pair -> estimates.put(pair.group(2), estimate(pair)));
        long before = Long.MAX_VALUE;
        for (Map.Entry<String, Long> estimate : estimates.entrySet()) {
            long right = exact.getOrDefault(estimate.getKey(), 0L);
            long found = estimate.getValue();
            if (found > right || right - found > tooLow || found > before) {
                return wrong(listed, counted, estimate.getKey() + " came " + right + " times");
            }
            before = found;
        }
        long last = estimates.size() < parameters.number("k") ? 0 : before;
        for (Map.Entry<String, Long> count : exact.entrySet()) {
            if (!estimates.containsKey(count.getKey()) && count.getValue() > last + tooLow) {
                return wrong(listed, counted, count.getKey() + " is missing");
            }
        }
        return estimates.size() > parameters.number("k") ? wrong(listed, counted, "too long") : Optional.empty();
    }

    private static long estimate(MatchResult pair) {
        return Long.parseLong(pair.group(3));
    }

    private static Optional<String> wrong(String listed, String counted, String what) {
        return Optional.of(String.format(Locale.ROOT, "SQL says %s, the engine %s: %s", counted, listed, what));
    }

    private static Map<String, Long> counts(String counted) {
        List<String> halves = List.of(counted.split("/"));
        List<String> values = List.of(halves.get(0).split(","));
        List<String> times = List.of(halves.get(1).split(","));
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            counts.put(values.get(i), Long.parseLong(times.get(i)));
        }
        return counts;
    }
}
