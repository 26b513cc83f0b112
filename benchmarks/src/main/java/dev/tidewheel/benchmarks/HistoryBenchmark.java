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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Training sets beside DuckDB, and Spark where it is asked for: every side is a process of its own, reads the same Parquet
 * files with two threads and writes Parquet. All values of all questions must be equal.
 */
final class HistoryBenchmark {
    private static final String THREADS = "2";
    /** The heap that is to be enough, and what is given where it is not. */
    private static final List<String> HEAPS = List.of("1g", "10g");
    /** By how much the set is smaller that the classes are archived with. */
    private static final int FEW = 1_000;

    private final HistoryShape shape;
    private final Path folder;
    private final Optional<Spark> spark;

    /**
     * @param folder for the data, which is kept for the next run
     * @param spark as one more peer
     */
    HistoryBenchmark(HistoryShape shape, Path folder, Optional<Spark> spark) {
        this.shape = shape;
        this.folder = folder;
        this.spark = spark;
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
        compare(ours, duckDb(data, set, report), report);
        if (spark.isPresent()) {
            double whole = fastest(spark(spark.get(), data, set, report), Took::wholeSeconds);
            report.figure("best Spark / tidewheel", whole / ours.wholeSeconds(), 5, true);
        }
        return report;
    }

    private void compare(Took ours, List<Took> duckDb, Report report) {
        double whole = fastest(duckDb, Took::wholeSeconds);
        if (shape.skew() instanceof Workload.Skew.OneHot) {
            report.figure("best DuckDB / tidewheel", whole / ours.wholeSeconds(), 10, true);
        } else {
            report.figure("tidewheel / best DuckDB", ours.wholeSeconds() / whole, 1.5, false);
            report.figure("the same without start-up", ours.seconds() / fastest(duckDb, Took::seconds), 1, false);
        }
    }

    private static double fastest(List<Took> plans, ToDoubleFunction<Took> seconds) {
        return plans.stream().mapToDouble(seconds).min().orElseThrow();
    }

    private List<Took> duckDb(HistoryData data, Path set, Report report)
            throws IOException, InterruptedException, SQLException {
        Path answers = data.folder().resolve("answers.parquet");
        List<Took> all = new ArrayList<>();
        for (HistoryPlan plan : SqlDialect.DUCKDB.plans()) {
            Files.deleteIfExists(answers);
            Took took = OwnProcess.run(
                            HEAPS.get(0),
                            HistoryPeer.class,
                            plan.name(),
                            data.folder().toString(),
                            answers.toString(),
                            THREADS)
                    .orElseThrow(() -> new IllegalStateException(plan + " needs no heap, and had too little"));
            all.add(told("DuckDB " + plan, took, report));
            requireEqual("DuckDB " + plan, set, answers.toString());
        }
        return all;
    }

    private List<Took> spark(Spark peer, HistoryData data, Path set, Report report)
            throws IOException, InterruptedException, SQLException {
        Path answers = data.folder().resolve("answers-spark");
        List<Took> all = new ArrayList<>();
        for (HistoryPlan plan : SqlDialect.SPARK.plans()) {
            Took took = peer.run(plan.sql(data, SqlDialect.SPARK), answers, THREADS);
            all.add(told("Spark " + plan + ", heap " + Spark.HEAP, took, report));
            requireEqual("Spark " + plan, set, answers.resolve("*.parquet").toString());
        }
        return all;
    }

    private static Took told(String what, Took took, Report report) {
        report.took(what, took);
        return took;
    }

    private Took ours(HistoryData data, Path set, Report report) throws IOException, InterruptedException {
        Optional<Path> classes = OwnProcess.canArchive() ? Optional.of(archiveClasses()) : Optional.empty();
        report.condition("archivedClasses", classes.isPresent());
        for (String heap : HEAPS) {
            Optional<Took> took = OwnProcess.run(
                    heap, classes, HistoryOurs.class, data.folder().toString(), set.toString(), THREADS);
            if (took.isPresent()) {
                return told("tidewheel, heap " + heap, took.get(), report);
            }
            Report.say("  a heap of " + heap + " is too small");
        }
        throw new IllegalStateException("no heap of " + HEAPS + " is enough for " + shape);
    }

    /** As {@code ./tidewheel} keeps them from its build on: not of this set, but of one of few events. */
    private Path archiveClasses() throws IOException, InterruptedException {
        HistoryData few = HistoryData.make(HistoryShape.uniform(FEW), folder.toAbsolutePath());
        Path archive = folder.toAbsolutePath().resolve("classes.jsa");
        String set = few.folder().resolve("set").toString();
        OwnProcess.archive(
                archive, HEAPS.get(0), HistoryOurs.class, few.folder().toString(), set, THREADS);
        return archive;
    }

    /**
     * Holds one's values against ours.
     *
     * @param theirs a file or a pattern of them
     */
    private void requireEqual(String peer, Path set, String theirs) throws SQLException {
        Path ours = set.resolve("data-00000.parquet");
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
                                + " of them equal to those of " + peer + ": compare " + ours + " and " + theirs);
            }
        }
    }
}
