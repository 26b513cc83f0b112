package dev.tidewheel.monitoring;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.profile.FeatureProfile;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Recomputes figures in SQL from the Parquet files of the tables of inferences and labels, from the documented formulas
 * alone. Slow and plain on purpose.
 */
final class SqlOracle implements AutoCloseable {
    private final Connection duck;

    SqlOracle(List<String> inferences, List<String> labels) throws SQLException {
        duck = DriverManager.getConnection("jdbc:duckdb:");
        run("CREATE VIEW inferences AS SELECT * FROM read_parquet(" + list(inferences) + ")");
        run("CREATE VIEW labels AS SELECT * FROM read_parquet(" + list(labels) + ")");
    }

    private static String list(List<String> files) {
        return files.stream().collect(Collectors.joining("','", "['", "']"));
    }

    /** Counts and distances of a FLOAT64 column, by its place among all columns and among the numbers, both from 1. */
    Map<String, Double> feature(FeatureProfile reference, int slot, int number, String where) throws SQLException {
        double[] edges = reference.edges().toArray();
        run("CREATE OR REPLACE TABLE edges (e DOUBLE)");
        for (double edge : edges) {
            run("INSERT INTO edges VALUES (" + edge + ")");
        }
        double last = edges[edges.length - 1];
        Counts total = reference.total();
        run("CREATE OR REPLACE TABLE reference (cell INTEGER, n BIGINT)");
        for (int cell = 0; cell < total.valueCells(); cell++) {
            run("INSERT INTO reference VALUES (" + cell + "," + total.valueCell(cell) + ")");
        }
        run("INSERT INTO reference VALUES (-1," + total.missing() + ")");
        run("""
                CREATE OR REPLACE TABLE cells AS
                WITH v AS (
                  SELECT nulls[%1$d] AS absent, statuses[%1$d] IN (5, 7) AS unread, numbers[%2$d] AS x
                  FROM inferences WHERE %3$s)
                SELECT *, CASE
                  WHEN absent AND unread THEN -2
                  WHEN absent OR isnan(x) OR isinf(x) THEN -1
                  WHEN x = %4$s THEN (SELECT count(*) FROM edges) - 1
                  ELSE (SELECT count(*) FROM edges WHERE e <= x) END AS cell
                FROM v
                """.formatted(slot, number, where, last));
        return one("""
                WITH w AS (SELECT cell, count(*) AS n FROM cells WHERE cell > -2 GROUP BY cell),
                s AS (SELECT r.cell, r.n / (SELECT sum(n) FROM reference)::DOUBLE AS p,
                        coalesce(w.n, 0) / (SELECT sum(n) FROM w)::DOUBLE AS q,
                        r.n AS rn, coalesce(w.n, 0) AS wn
                      FROM reference r LEFT JOIN w USING (cell)),
                f AS (SELECT abs(sum(rn) OVER o / (SELECT sum(rn) FROM s WHERE cell >= 0)::DOUBLE
                               - sum(wn) OVER o / (SELECT sum(wn) FROM s WHERE cell >= 0)::DOUBLE) AS gap
                      FROM s WHERE cell >= 0 WINDOW o AS (ORDER BY cell))
                SELECT
                  (SELECT count(*) FROM cells) AS "rows",
                  (SELECT count(*) FROM cells WHERE absent AND NOT unread) AS nulls,
                  (SELECT count(*) FROM cells WHERE absent AND unread) AS unavailable,
                  (SELECT count(*) FROM cells WHERE NOT absent AND isnan(x)) AS nans,
                  (SELECT count(*) FROM cells WHERE NOT absent AND isinf(x)) AS infinities,
                  (SELECT count(*) FROM cells WHERE cell >= 0) AS valued,
                  (SELECT sum((greatest(p, 1e-4) - greatest(q, 1e-4))
                              * ln(greatest(p, 1e-4) / greatest(q, 1e-4))) FROM s) AS psi,
                  (SELECT sqrt(sum(
                        CASE WHEN p > 0 THEN p * log2(2 * p / (p + q)) ELSE 0 END / 2
                      + CASE WHEN q > 0 THEN q * log2(2 * q / (p + q)) ELSE 0 END / 2)) FROM s) AS js,
                  (SELECT max(gap) FROM f) AS ks,
                  (SELECT avg(x) FROM cells WHERE cell >= 0) AS mean
                """);
    }

    /** Performance of what was asked, by the labels known at a moment. */
    Map<String, Double> performance(String where, long knownBy) throws SQLException {
        run("""
                CREATE OR REPLACE TABLE scored AS
                WITH newest AS (
                  SELECT *, row_number() OVER (PARTITION BY request_id, "row", model
                                               ORDER BY known_time DESC, _offset DESC) AS age
                  FROM labels WHERE known_time <= %d)
                SELECT i.prediction AS p, l.value AS y
                FROM inferences i LEFT JOIN newest l
                  ON l.age = 1 AND l.request_id = i.request_id AND l."row" = i."row" AND l.model = i.model
                WHERE %s
                """.formatted(knownBy, where));
        return one("""
                WITH j AS (SELECT *, greatest(1e-15, least(1 - 1e-15, p)) AS c FROM scored
                           WHERE y IS NOT NULL AND p IS NOT NULL),
                b AS (SELECT least(999, floor(p * 1000)) AS bin, sum(y) AS pos, sum(1 - y) AS neg FROM j GROUP BY bin),
                a AS (SELECT pos, neg, sum(neg) OVER (ORDER BY bin) - neg AS below FROM b),
                e AS (SELECT abs(sum(p) - sum(y)) AS miss FROM j GROUP BY floor(least(999, floor(p * 1000)) / 100))
                SELECT
                  (SELECT count(*) FROM scored) AS "rows",
                  (SELECT count(*) FROM scored WHERE y IS NOT NULL) AS labelled,
                  (SELECT count(*) FROM scored WHERE p IS NULL) AS unavailable,
                  count(*) AS valued,
                  avg(CASE WHEN (p >= 0.5) = (y = 1) THEN 1.0 ELSE 0.0 END) AS accuracy,
                  -avg(CASE WHEN y = 1 THEN ln(c) ELSE ln(1 - c) END) AS log_loss,
                  avg((p - y) * (p - y)) AS brier,
                  avg(y) AS label_share,
                  (SELECT sum(pos * (below + neg / 2.0)) / (sum(pos) * sum(neg)) FROM a) AS auc,
                  (SELECT sum(miss) FROM e) / count(*) AS calibration_error
                FROM j
                """);
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(sql);
        }
    }

    private Map<String, Double> one(String sql) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            ResultSetMetaData columns = result.getMetaData();
            Map<String, Double> values = new HashMap<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                double value = result.getDouble(i);
                values.put(columns.getColumnName(i), result.wasNull() ? Double.NaN : value);
            }
            return values;
        }
    }

    @Override
    public void close() throws SQLException {
        duck.close();
    }
}
