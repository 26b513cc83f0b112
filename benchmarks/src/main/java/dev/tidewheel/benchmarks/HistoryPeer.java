package dev.tidewheel.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The peer's process: DuckDB answers all questions by one plan and writes a Parquet file. */
final class HistoryPeer {
    private HistoryPeer() {}

    /** Plan, folder of the data, file to write, threads. */
    public static void main(String[] arguments) throws IOException, SQLException {
        OwnProcess process = OwnProcess.begin();
        HistoryPlan plan = HistoryPlan.valueOf(arguments[0]);
        HistoryData data = new HistoryData(Path.of(arguments[1]));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET threads = " + Integer.parseInt(arguments[3]));
            statement.execute("SET preserve_insertion_order = false"); // Which nobody needs.
            statement.execute("COPY (" + plan.sql(data, SqlDialect.DUCKDB) + ") TO '" + arguments[2]
                    + "' (FORMAT parquet, COMPRESSION zstd)");
        }
        process.tell();
    }
}
