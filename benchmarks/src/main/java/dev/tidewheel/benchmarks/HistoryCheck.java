package dev.tidewheel.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Holds a peer's answers against our training set, every value of every question.
 *
 * @param view that the set's columns begin with
 * @param features the names of the values, as the peer has them
 * @param set the folder of ours
 */
record HistoryCheck(String view, List<String> features, Path set) {
    HistoryCheck {
        features = List.copyOf(features);
    }

    /**
     * Compares.
     *
     * @param theirs a file or a pattern of them
     * @return how many questions the peer left out, which is no difference where none of our values is there
     * @throws IllegalStateException if a value differs, or we have not answered exactly what was asked
     */
    long requireEqual(String peer, HistoryData data, String theirs) throws SQLException {
        Path ours = set.resolve("data-00000.parquet");
        String equal = features.stream()
                .map(feature -> "ours.\"" + view + "." + feature + "\" IS NOT DISTINCT FROM theirs." + feature)
                .collect(Collectors.joining(" AND "));
        String sql = "SELECT (SELECT count(*) FROM read_parquet('" + data.questions() + "')),"
                + " (SELECT count(*) FROM read_parquet('" + ours + "')), count(*),"
                + " count(*) FILTER (WHERE " + equal + "), count(*) FILTER (WHERE theirs.id IS NULL)"
                + " FROM read_parquet('" + ours + "') ours FULL JOIN read_parquet('" + theirs
                + "') theirs ON ours.question = theirs.id";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            long questions = rows.getLong(1);
            if (rows.getLong(2) != questions || rows.getLong(3) != questions || rows.getLong(4) != questions) {
                throw new IllegalStateException(questions + " questions gave " + rows.getLong(2) + " rows of ours, "
                        + rows.getLong(3) + " together with those of " + peer + ", " + rows.getLong(4)
                        + " of them equal: compare " + ours + " and " + theirs);
            }
            return rows.getLong(5);
        }
    }
}
