package dev.tidewheel.history.sql;

import dev.tidewheel.feature.window.Window;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A window, said twice. In SQL it is a condition on an event's time {@code d} and the question's {@code t}; the last rows
 * and the open session need more than a condition, and are marked.
 *
 * @param engine the engine's
 * @param covers the condition in SQL
 * @param rows of the events that are covered and count only the last so many; 0 for all
 * @param gap of the events that are covered only those of the session that is open; 0 for all
 * @param millis in SQL, how much time it covers; empty if it has no beginning in time
 */
record SqlWindow(Window engine, String covers, int rows, long gap, Optional<String> millis) {
    static final long MINUTE = 60_000;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    /** Kinds that are drawn; those of {@link #of} that {@link Window} permits. */
    static final List<String> KINDS = List.of("Sliding", "Exact", "Hopping", "Session", "Rows", "Lifetime");

    static SqlWindow draw(Random random) {
        String kind = KINDS.get(random.nextInt(KINDS.size()));
        long length = List.of(HOUR, 3 * HOUR, DAY, 7 * DAY, 30 * DAY).get(random.nextInt(5));
        return switch (kind) {
            case "Sliding" ->
                random.nextBoolean()
                        ? sliding(length, defaultResolution(length))
                        : sliding(length, length / List.of(1, 2, 60).get(random.nextInt(3)));
            // No key has so many flights in a day.
            case "Exact" ->
                covering(
                        new Window.Exact(Math.min(length, DAY), 1_000_000),
                        "d >= t - " + Math.min(length, DAY),
                        Optional.of("%d".formatted(Math.min(length, DAY))));
            case "Hopping" -> {
                long hop = length / List.of(1, 1, 4, 12).get(random.nextInt(4));
                yield new SqlWindow(
                        new Window.Hopping(length, hop),
                        "d >= t // %1$d * %1$d - %2$d AND d < t // %1$d * %1$d".formatted(hop, length),
                        0,
                        0,
                        Optional.of("%d".formatted(length)));
            }
            case "Session" -> {
                long gap = List.of(20 * MINUTE, 3 * HOUR).get(random.nextInt(2));
                yield new SqlWindow(
                        new Window.Session(gap, DAY),
                        "d >= (t - %2$d) // %1$d * %1$d".formatted(gap, DAY),
                        0,
                        gap,
                        Optional.empty());
            }
            case "Rows" -> {
                int count = 1 + random.nextInt(30);
                yield new SqlWindow(new Window.Rows(count), "true", count, 0, Optional.empty());
            }
            default -> lifetime();
        };
    }

    static SqlWindow sliding(long length, long resolution) {
        String from = "(t - %1$d) // %2$d * %2$d".formatted(length, resolution);
        return covering(new Window.Sliding(length, resolution), "d >= " + from, Optional.of("t - " + from));
    }

    /** As the documentation has it. */
    static long defaultResolution(long length) {
        long twelfth = length / 12;
        for (long step : new long[] {DAY, 6 * HOUR, HOUR, 5 * MINUTE}) {
            if (step <= twelfth) {
                return step;
            }
        }
        return twelfth;
    }

    static SqlWindow lifetime() {
        return covering(new Window.Lifetime(), "true", Optional.empty());
    }

    private static SqlWindow covering(Window engine, String covers, Optional<String> millis) {
        return new SqlWindow(engine, covers, 0, 0, millis);
    }
}
