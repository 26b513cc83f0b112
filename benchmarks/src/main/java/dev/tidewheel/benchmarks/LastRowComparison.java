package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.OwnProcess.End;
import dev.tidewheel.benchmarks.OwnProcess.Took;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What Feast's historical retrieval can answer, too: the last row of a question's key. At the largest part of the data that
 * one of its stores gets through; that all its larger ones are too much is told, and what we take for them.
 */
final class LastRowComparison {
    /** Of the data, one after the other. */
    static final List<Integer> PARTS = List.of(1, 2, 4, 10, 20, 50, 100);

    private static final String MODEL = "last-row";
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final HistoryShape shape;
    private final Path folder;
    private final Feast feast;
    private final List<Integer> parts;

    /**
     * @param folder for the data, which is kept for the next run
     * @param parts that are tried: all of the data divided by these, until Feast gets through
     */
    LastRowComparison(HistoryShape shape, Path folder, Feast feast, List<Integer> parts) {
        this.shape = shape;
        this.folder = folder;
        this.feast = feast;
        this.parts = List.copyOf(parts);
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException if a value differs
     */
    void run(OurSide side, Report report) throws IOException, InterruptedException, SQLException {
        report.condition("Feast may take", DEADLINE.toSeconds() + " s, " + Feast.MOST_GIB + " GiB");
        for (int part : parts) {
            if (through(shape.part(part), side, report)) {
                return;
            }
        }
        Report.say("  Feast gets through none of it");
    }

    private boolean through(HistoryShape part, OurSide side, Report report)
            throws IOException, InterruptedException, SQLException {
        HistoryData data = HistoryData.make(part, folder.toAbsolutePath());
        feast.prepare(data);
        Path set = data.folder().resolve("last-row");
        String what = "last row of " + part.events() + " events: ";
        Took ours = side.build(what + "tidewheel", MODEL, data, set, report);
        List<Took> theirs = new ArrayList<>();
        for (Feast.Store store : Feast.Store.values()) {
            Path answers = data.folder().resolve("answers-feast.parquet");
            Files.deleteIfExists(answers);
            String who = what + "Feast " + store;
            End end = feast.retrieve(store, data, answers, HistoryBenchmark.THREADS, DEADLINE);
            if (end instanceof End.Through through) {
                report.took(who, through.took());
                report.figure(who + ", questions left out", leftOut(who, data, set, answers));
                theirs.add(through.took());
            } else if (end instanceof End.GaveUp gaveUp) {
                report.gaveUp(who, gaveUp.why());
            }
        }
        theirs.stream()
                .mapToDouble(Took::wholeSeconds)
                .min()
                .ifPresent(best -> report.figure(what + "best Feast / tidewheel", best / ours.wholeSeconds(), 5, true));
        return !theirs.isEmpty();
    }

    private static long leftOut(String who, HistoryData data, Path set, Path answers) throws SQLException {
        return new HistoryCheck("latest", List.of("amount", "event"), set).requireEqual(who, data, answers.toString());
    }
}
