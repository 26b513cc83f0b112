package dev.tidewheel.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** Computes what monitoring computes once more, by SQL over the files of its table of inferences. */
final class LoopSql implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunDirectory run;
    private final Connection connection;

    LoopSql(RunDirectory run) throws SQLException {
        this.run = run;
        this.connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            // Nothing is ever deleted from the table, and nothing died while it was written: all files count.
            statement.execute("CREATE VIEW inferences AS SELECT * FROM read_parquet('"
                    + run.root().resolve("data/warehouse/monitoring/inferences/data/**/*.parquet") + "')");
        }
    }

    /** Rows of a version by the start of their window. */
    Map<Long, Double> rows(String version, long window) throws SQLException {
        return byWindow("SELECT t // %2$d * %2$d, count(*) FROM inferences WHERE model_version = '%1$s' GROUP BY 1"
                .formatted(version, window));
    }

    /** The mean prediction of a version by the start of the window. */
    Map<Long, Double> meanPrediction(String version, long window) throws SQLException {
        return byWindow(
                "SELECT t // %2$d * %2$d, avg(prediction) FROM inferences WHERE model_version = '%1$s' GROUP BY 1"
                        .formatted(version, window));
    }

    /**
     * The population stability index of a version's predictions by the start of the window, against those of its training
     * set, by the textbook's formula: shares of cells, none smaller than 1e-4.
     */
    Map<Long, Double> psiOfPredictions(String version, long window) throws SQLException, IOException {
        Path file = run.models().resolve("late-arrival").resolve(version).resolve("profile.json");
        JsonNode prediction = JSON.readTree(file.toFile()).path("prediction");
        JsonNode edges = prediction.path("edges");
        int cells = edges.size() + 1;
        long[] reference = new long[cells];
        for (JsonNode counts : prediction.path("windows")) {
            // In front of the cells stand four counts of what is missing, and a sum of two words.
            for (int cell = 0; cell < cells && !counts.isEmpty(); cell++) {
                reference[cell] += counts.path(6 + cell).asLong();
            }
        }
        String expected = String.join(
                ", ",
                StreamSupport.stream(JSON.valueToTree(reference).spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
        return byWindow("""
                WITH edges AS (SELECT %3$s AS edges),
                expected AS (SELECT cell, n / sum(n) OVER () AS p
                    FROM (SELECT unnest([%4$s]) AS n, unnest(range(%5$d)) AS cell)),
                actual AS (SELECT t // %2$d * %2$d AS start,
                        CASE WHEN prediction = edges[-1] THEN %5$d - 2
                            ELSE len(list_filter(edges, lambda edge: edge <= prediction)) END AS cell,
                        count(*) AS n
                    FROM inferences, edges WHERE model_version = '%1$s' GROUP BY 1, 2),
                starts AS (SELECT start, sum(n) AS rows FROM actual GROUP BY 1),
                shares AS (SELECT start, greatest(p, 1e-4) AS p, greatest(coalesce(n, 0) / rows, 1e-4) AS q
                    FROM starts CROSS JOIN expected LEFT JOIN actual USING (start, cell))
                SELECT start, sum((p - q) * ln(p / q)) FROM shares GROUP BY 1
                """.formatted(version, window, edges, expected, cells));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private Map<Long, Double> byWindow(String query) throws SQLException {
        Map<Long, Double> values = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                values.put(result.getLong(1), result.getDouble(2));
            }
        }
        return values;
    }
}
