package dev.tidewheel.workbench.cli;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.dead.LetterFilter;
import dev.tidewheel.workbench.dead.LetterWork;
import dev.tidewheel.workbench.dead.Letters;
import dev.tidewheel.workbench.dead.OriginalRecords;
import dev.tidewheel.workbench.dead.Takers;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lays letters aside. */
@Command(
        name = "drop",
        description = "Marks open letters as handled. They and their records stay where they are, and are listed with"
                + " 'list --all'.",
        mixinStandardHelpOptions = true)
final class DeadLettersDropCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Mixin
    private LetterOptions which = new LetterOptions();

    @Option(names = "--position", paramLabel = "TOPIC/PARTITION/OFFSET", description = "Of one record.")
    private Optional<String> position = Optional.empty();

    @Option(names = "--all", description = "All open letters.")
    private boolean all;

    @Option(names = "--why", paramLabel = "TEXT", required = true, description = "Remembered with the letters.")
    private String why = "";

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    private final Terminal terminal = Terminal.ofProcess();

    @Override
    public Integer call() throws Exception {
        KafkaConfig config = kafka.config();
        long now = new WallClock().now();
        Map<String, Definition> registry = new Applier(config).inForce();
        LetterFilter filter = which.filter(registry, position, false, now);
        LetterOutcome.requireNarrow(filter, all, spec.commandLine());
        try (OriginalRecords originals = new OriginalRecords(config, OriginalRecords.RawBytes.NONE, DEADLINE);
                LetterWork work = new LetterWork(
                        config,
                        new Letters(config, DEADLINE),
                        originals,
                        Map.of(),
                        Takers.of(registry),
                        Long.MAX_VALUE,
                        DEADLINE)) {
            LetterWork.Outcome outcome =
                    work.drop(filter, why, now, marked -> terminal.status(marked + " letters laid aside"));
            LetterOutcome.print(spec.commandLine().getOut(), output, outcome);
            return ExitCode.OK;
        }
    }
}
