package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.OwnProcess.Took;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Training sets beside DuckDB: every side is a process of its own, reads the same Parquet files with two threads and
 * writes a Parquet file. All values of all questions must be equal.
 */
final class HistoryBenchmark {
    private static final String THREADS = "2";
    /** The heap that is to be enough, and what is given where it is not. */
    private static final List<String> HEAPS = List.of("1g", "10g");

    private final HistoryShape shape;
    private final Path folder;

    /**
     * @param folder for the data, which is kept for the next run
     */
    HistoryBenchmark(HistoryShape shape, Path folder) {
        this.shape = shape;
        this.folder = folder;
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException if a value differs
     */
    Report run() throws IOException, InterruptedException, SQLException {
        Report report = new Report(shape.name());
        report.condition("threads", Integer.parseInt(THREADS));
        report.condition("events", shape.events());
        report.condition("questions", shape.questions());
        report.condition("keys", shape.keys());
        report.condition("skew", shape.skew().toString());
        HistoryData data = HistoryData.make(shape, folder.toAbsolutePath());
        Path set = data.folder().resolve("set");
        Took ours = ours(data, set, report);
        Path answers = data.folder().resolve("answers.parquet");
        double whole = Double.MAX_VALUE;
        double work = Double.MAX_VALUE;
        for (HistoryPlan plan : HistoryPlan.values()) {
            Files.deleteIfExists(answers);
            Took peer = OwnProcess.run(
                            HEAPS.get(0),
                            HistoryPeer.class,
                            plan.name(),
                            data.folder().toString(),
                            answers.toString(),
                            THREADS)
                    .orElseThrow(() -> new IllegalStateException(plan + " needs no heap, and had too little"));
            report.took("DuckDB " + plan, peer);
            requireEqual(plan, set.resolve("data-00000.parquet"), answers);
            whole = Math.min(whole, peer.wholeSeconds());
            work = Math.min(work, peer.seconds());
        }
        if (shape.skew() instanceof Workload.Skew.OneHot) {
            report.figure("best DuckDB / tidewheel", whole / ours.wholeSeconds(), 10, true);
        } else {
            report.figure("tidewheel / best DuckDB", ours.wholeSeconds() / whole, 1.5, false);
            report.figure("the same without start-up", ours.seconds() / work, 1, false);
        }
        return report;
    }

    private Took ours(HistoryData data, Path set, Report report) throws IOException, InterruptedException {
        for (String heap : HEAPS) {
            Optional<Took> took =
                    OwnProcess.run(heap, HistoryOurs.class, data.folder().toString(), set.toString(), THREADS);
            if (took.isPresent()) {
                report.took("tidewheel, heap " + heap, took.get());
                return took.get();
            }
            Report.say("  a heap of " + heap + " is too small");
        }
        throw new IllegalStateException("no heap of " + HEAPS + " is enough for " + shape);
    }

    private void requireEqual(HistoryPlan plan, Path ours, Path theirs) throws SQLException {
        String equal = HistoryPlan.features().stream()
                .map(feature -> "ours.\"spending." + feature + "\" IS NOT DISTINCT FROM theirs." + feature)
                .collect(Collectors.joining(" AND "));
        String sql = "SELECT count(*), count(*) FILTER (WHERE " + equal + ") FROM read_parquet('" + ours
                + "') ours FULL JOIN read_parquet('" + theirs + "') theirs ON ours.question = theirs.id";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            if (rows.getLong(1) != shape.questions() || rows.getLong(2) != shape.questions()) {
                throw new IllegalStateException(
                        shape.questions() + " questions gave " + rows.getLong(1) + " rows, " + rows.getLong(2)
                                + " of them equal to those of " + plan + ": compare " + ours + " and " + theirs);
            }
        }
    }
}
