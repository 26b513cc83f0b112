package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.OwnProcess.Took;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Training sets beside DuckDB, and Spark and Feast where they are asked for: every side is a process of its own, reads the
 * same Parquet files with two threads and writes Parquet. All values of all questions must be equal.
 */
final class HistoryBenchmark {
    static final String THREADS = "2";

    static final String MODEL = "benchmark";
    private static final String PEERS_HEAP = "1g";

    private final HistoryShape shape;
    private final Path folder;
    private final Optional<Spark> spark;
    private final Optional<Feast> feast;

    /**
     * @param folder for the data, which is kept for the next run
     * @param spark as one more peer
     * @param feast as one more, of a question that it can answer
     */
    HistoryBenchmark(HistoryShape shape, Path folder, Optional<Spark> spark, Optional<Feast> feast) {
        this.shape = shape;
        this.folder = folder;
        this.spark = spark;
        this.feast = feast;
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
        OurSide side = OurSide.in(folder.toAbsolutePath(), report);
        Took ours = side.build("tidewheel", MODEL, data, set, report);
        compare(ours, duckDb(data, set, report), report);
        if (spark.isPresent()) {
            double whole = fastest(spark(spark.get(), data, set, report), Took::wholeSeconds);
            report.figure("best Spark / tidewheel", whole / ours.wholeSeconds(), 5, true);
        }
        if (feast.isPresent()) {
            new LastRowComparison(shape, folder, feast.get(), LastRowComparison.PARTS).run(side, report);
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
                            PEERS_HEAP,
                            HistoryPeer.class,
                            plan.name(),
                            data.folder().toString(),
                            answers.toString(),
                            THREADS)
                    .orElseThrow(() -> new IllegalStateException(plan + " needs no heap, and had too little"));
            all.add(told("DuckDB " + plan, took, report));
            requireEqual("DuckDB " + plan, data, set, answers.toString());
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
            requireEqual(
                    "Spark " + plan, data, set, answers.resolve("*.parquet").toString());
        }
        return all;
    }

    private static Took told(String what, Took took, Report report) {
        report.took(what, took);
        return took;
    }

    private static void requireEqual(String peer, HistoryData data, Path set, String theirs) throws SQLException {
        HistoryCheck check = new HistoryCheck("spending", HistoryPlan.features(), set);
        long missing = check.requireEqual(peer, data, theirs);
        if (missing > 0) {
            throw new IllegalStateException(peer + " left out " + missing + " questions");
        }
    }
}
