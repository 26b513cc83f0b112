package dev.tidewheel.benchmarks;

import java.time.Duration;

/**
 * One window of the peer: Flink SQL in one of its three ways.
 *
 * @param way how
 * @param length of the window
 * @param step of a hop or of a cumulation: our own resolution; an OVER window has none
 */
record SqlQuery(Way way, Duration length, Duration step) {
    /** Flink SQL's window kinds. */
    enum Way {
        /** Sliding windows that end at every step. */
        HOP,
        /** A value for every event, over what preceded it. */
        OVER,
        /** Windows that begin anew after their length, told at every step. */
        CUMULATE
    }

    /** The sink's name and the first part of its keys. */
    String name() {
        return way.name().toLowerCase(java.util.Locale.ROOT) + "-" + length.toHours() + "h";
    }

    String select() {
        return switch (way) {
            case HOP, CUMULATE ->
                "SELECT user_id, window_end, COUNT(*), SUM(amount), AVG(CAST(amount AS DOUBLE)), MAX(amount)"
                        + " FROM TABLE(" + way + "(TABLE events, DESCRIPTOR(ts), " + interval(step) + ", "
                        + interval(length) + "))"
                        + " GROUP BY user_id, window_start, window_end";
            case OVER ->
                "SELECT user_id, CAST(ts AS TIMESTAMP(3)), COUNT(*) OVER w, SUM(amount) OVER w,"
                        + " AVG(CAST(amount AS DOUBLE)) OVER w, MAX(amount) OVER w FROM events"
                        + " WINDOW w AS (PARTITION BY user_id ORDER BY ts RANGE BETWEEN " + interval(length)
                        + " PRECEDING AND CURRENT ROW)";
        };
    }

    private static String interval(Duration duration) {
        long hours = duration.toHours();
        return hours == 0
                ? "INTERVAL '" + duration.toMinutes() + "' MINUTE"
                : hours < 24 || hours % 24 != 0 ? "INTERVAL '" + hours + "' HOUR" : "INTERVAL '" + hours / 24 + "' DAY";
    }
}
