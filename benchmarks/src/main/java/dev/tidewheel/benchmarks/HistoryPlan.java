package dev.tidewheel.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The ways in which SQL can answer what a training set asks: count and sum over four windows, whose beginnings are rounded
 * down to our resolutions, so that all sides give the same values.
 */
enum HistoryPlan {
    /** A hash join by key, the times compared for each pair, the windows as filters of one aggregation. */
    RANGE_JOIN {
        @Override
        String sql(HistoryData data, SqlDialect dialect) {
            return "SELECT q.id AS id, "
                    + columns(window -> "count(e.amount) FILTER (WHERE e.moment >= q.%1$s) AS purchases_%2$s, "
                                    .formatted(window.from(), window.name)
                            + "CAST(sum(e.amount) FILTER (WHERE e.moment >= q.%1$s) AS BIGINT) AS amount_%2$s"
                                    .formatted(window.from(), window.name))
                    + " FROM (" + questions(data, dialect) + ") q LEFT JOIN " + dialect.file(data.events()) + " e"
                    + " ON e.customer = q.customer AND e.moment < q.t AND e.moment >= q." + LONGEST.from()
                    + " GROUP BY q.id";
        }
    },
    /** Sums from the beginning, looked up at the end and the beginning of each window. */
    ASOF_JOIN {
        @Override
        String sql(HistoryData data, SqlDialect dialect) {
            return "WITH q AS (" + questions(data, dialect) + "), p AS (SELECT customer, moment, count(*) OVER w AS n,"
                    + " CAST(sum(amount) OVER w AS BIGINT) AS s FROM " + dialect.file(data.events())
                    // Rows of one time share the sum: whichever is found, it is whole.
                    + " WINDOW w AS (PARTITION BY customer ORDER BY moment RANGE UNBOUNDED PRECEDING))"
                    + " SELECT q.id AS id, "
                    + columns(window ->
                            difference("coalesce(p_t.%s, 0)", "coalesce(p_" + window.name + ".%s, 0)", window))
                    + " FROM q " + lookUp("p_t", "t")
                    + WINDOWS.stream()
                            .map(window -> lookUp("p_" + window.name, window.from()))
                            .collect(Collectors.joining());
        }

        private String lookUp(String alias, String edge) {
            return "ASOF LEFT JOIN p %1$s ON %1$s.customer = q.customer AND q.%2$s > %1$s.moment "
                    .formatted(alias, edge);
        }
    },
    /** Sums from the beginning over events and the windows' edges together, in the order of time. */
    UNION {
        @Override
        String sql(HistoryData data, SqlDialect dialect) {
            String edges = WINDOWS.stream()
                    .map(window -> edge(window.from(), WINDOWS.indexOf(window)))
                    .collect(Collectors.joining());
            return "WITH q AS (" + questions(data, dialect) + "), edges AS ("
                    + "SELECT customer, moment, 1 AS kind, 1 AS n, amount AS s, NULL AS id, -1 AS edge"
                    + " FROM " + dialect.file(data.events()) + edge("t", END) + edges + "), sums AS ("
                    + "SELECT id, edge, CAST(sum(n) OVER w AS BIGINT) AS n, CAST(sum(s) OVER w AS BIGINT) AS s FROM edges"
                    // What happens at an edge comes behind it.
                    + " WINDOW w AS (PARTITION BY customer ORDER BY moment, kind ROWS UNBOUNDED PRECEDING))"
                    + " SELECT id, "
                    + columns(window -> difference(
                            "max(%s) FILTER (WHERE edge = " + END + ")",
                            "max(%s) FILTER (WHERE edge = " + WINDOWS.indexOf(window) + ")",
                            window))
                    + " FROM sums WHERE id IS NOT NULL GROUP BY id";
        }

        private String edge(String column, int number) {
            return " UNION ALL SELECT customer, " + column + ", 0, 0, 0, id, " + number + " FROM q";
        }
    };

    private static final List<Length> WINDOWS = List.of(
            new Length("1h", Duration.ofHours(1), Duration.ofMinutes(5)),
            new Length("24h", Duration.ofHours(24), Duration.ofHours(1)),
            new Length("7d", Duration.ofDays(7), Duration.ofHours(6)),
            new Length("30d", Duration.ofDays(30), Duration.ofDays(1)));
    private static final int END = WINDOWS.size();
    private static final Length LONGEST = WINDOWS.get(WINDOWS.size() - 1);

    /** A window and its resolution, as docs/values.md gives it. */
    private record Length(String name, Duration length, Duration resolution) {
        String from() {
            return "from_" + name;
        }

        String first(SqlDialect dialect) {
            return "(moment - %1$d) %2$s %3$d * %3$d AS %4$s"
                    .formatted(length.toMillis(), dialect.quotient(), resolution.toMillis(), from());
        }
    }

    /** A row for each question: id and, for each window, {@code purchases_…} and {@code amount_…}. */
    abstract String sql(HistoryData data, SqlDialect dialect);

    /** The names of the values, as all sides have them. */
    static List<String> features() {
        return WINDOWS.stream()
                .flatMap(window -> List.of("purchases_" + window.name, "amount_" + window.name).stream())
                .toList();
    }

    private static String questions(HistoryData data, SqlDialect dialect) {
        return "SELECT id, customer, moment AS t, "
                + WINDOWS.stream().map(window -> window.first(dialect)).collect(Collectors.joining(", "))
                + " FROM " + dialect.file(data.questions());
    }

    private static String columns(Function<Length, String> ofWindow) {
        return WINDOWS.stream().map(ofWindow).collect(Collectors.joining(", "));
    }

    /** A sum of nothing is null. */
    private static String difference(String end, String begin, Length window) {
        String count = end.formatted("n") + " - " + begin.formatted("n");
        String sum = end.formatted("s") + " - " + begin.formatted("s");
        return "%1$s AS purchases_%3$s, CASE WHEN %1$s > 0 THEN %2$s END AS amount_%3$s"
                .formatted(count, sum, window.name);
    }
}
