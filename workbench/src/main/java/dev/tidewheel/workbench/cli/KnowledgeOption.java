package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a question may know. */
final class KnowledgeOption {
    /** Two simple worlds; --known-by and --hindsight choose the others. */
    private enum Mode {
        POINT_IN_TIME("point-in-time"),
        EVENT_TIME("event-time");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Option(
            names = "--mode",
            description =
                    "${COMPLETION-CANDIDATES}: what serving could know at each moment, or as if all had been known"
                            + " when it happened (default: point-in-time).")
    private Optional<Mode> mode = Optional.empty();

    @Option(
            names = "--known-by",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "What was known at this moment, whenever it is asked about.")
    private Optional<Instant> knownBy = Optional.empty();

    @Option(
            names = "--hindsight",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "What was known so long after each question, such as 7d.")
    private Optional<Duration> hindsight = Optional.empty();

    Retiming retiming() {
        if ((mode.isPresent() ? 1 : 0) + (knownBy.isPresent() ? 1 : 0) + (hindsight.isPresent() ? 1 : 0) > 1) {
            throw new WorkbenchException("--mode, --known-by and --hindsight say the same thing: choose one");
        }
        return knownBy.map(Retiming::knownBy)
                .or(() -> hindsight.map(Retiming::hindsight))
                .orElse(
                        mode.orElse(Mode.POINT_IN_TIME) == Mode.EVENT_TIME
                                ? Retiming.EVENT_TIME
                                : Retiming.POINT_IN_TIME);
    }
}
