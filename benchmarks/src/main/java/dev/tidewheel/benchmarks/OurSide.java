package dev.tidewheel.benchmarks;

import dev.tidewheel.benchmarks.OwnProcess.Took;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Our side of the comparisons of training sets: a process with the first heap that is enough, and with classes from an
 * archive, as {@code ./tidewheel} keeps them from its build on.
 */
final class OurSide {
    /** The heap that is to be enough, and what is given where it is not. */
    private static final List<String> HEAPS = List.of("1g", "10g");
    /** By how much the set is smaller that the classes are archived with. */
    private static final int FEW = 1_000;

    private final Optional<Path> archive;

    private OurSide(Optional<Path> archive) {
        this.archive = archive;
    }

    /**
     * Archives the classes where that is possible: not of the sets that are measured, but of one of few events.
     *
     * @param folder absolute, for the archive and for the few events
     */
    static OurSide in(Path folder, Report report) throws IOException, InterruptedException {
        Optional<Path> archive = OwnProcess.canArchive() ? Optional.of(archive(folder)) : Optional.empty();
        report.condition("archivedClasses", archive.isPresent());
        return new OurSide(archive);
    }

    private static Path archive(Path folder) throws IOException, InterruptedException {
        HistoryData few = HistoryData.make(HistoryShape.uniform(FEW), folder);
        Path archive = folder.resolve("classes.jsa");
        OwnProcess.archive(
                archive,
                HEAPS.get(0),
                HistoryOurs.class,
                HistoryBenchmark.MODEL,
                few.folder().toString(),
                few.folder().resolve("set").toString(),
                HistoryBenchmark.THREADS);
        return archive;
    }

    /**
     * Builds a set and reports what it took, under a name that tells the heap.
     *
     * @param set the folder to write to
     */
    Took build(String who, String model, HistoryData data, Path set, Report report)
            throws IOException, InterruptedException {
        for (String heap : HEAPS) {
            Optional<Took> took = OwnProcess.run(
                    heap,
                    archive,
                    HistoryOurs.class,
                    model,
                    data.folder().toString(),
                    set.toString(),
                    HistoryBenchmark.THREADS);
            if (took.isPresent()) {
                report.took(who + ", heap " + heap, took.get());
                return took.get();
            }
            Report.say("  a heap of " + heap + " is too small");
        }
        throw new IllegalStateException("no heap of " + HEAPS + " is enough for " + data.folder());
    }
}
