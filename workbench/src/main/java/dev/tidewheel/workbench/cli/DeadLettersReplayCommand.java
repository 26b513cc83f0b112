package dev.tidewheel.workbench.cli;

import dev.tidewheel.definitions.Source;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends records again. */
@Command(
        name = "replay",
        description = {
            "Sends the records of open letters to their topics again, each once, and marks the letters.",
            "A record gets a new position and a new Kafka timestamp. With a declared event id it is recognised where it"
                    + " was counted, with a declared known time it means what it meant; without both, --as-new is"
                    + " needed. Late records remain late and are not sent."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all that are meant were sent", "1:some were not; the reasons are listed"})
final class DeadLettersReplayCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Mixin
    private LetterOptions which = new LetterOptions();

    @Option(names = "--position", paramLabel = "TOPIC/PARTITION/OFFSET", description = "Of one record.")
    private Optional<String> position = Optional.empty();

    @Option(names = "--all", description = "All open letters.")
    private boolean all;

    @Option(
            names = "--as-new",
            description = "They may be events of their own, known now. Records that a view of their source has counted"
                    + " are not sent for another one, unless they have an id.")
    private boolean asNew;

    @Option(names = "--why", paramLabel = "TEXT", description = "Remembered with the letters.")
    private String why = "";

    @Option(
            names = "--rate",
            paramLabel = "RECORDS",
            defaultValue = "1000",
            description = "At most so many per second (default: ${DEFAULT-VALUE}).")
    private long rate = 1_000;

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Mixin
    private WarehouseOption warehouse = new WarehouseOption();

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
        List<Source> sources = LetterOptions.sources(registry);
        try (OriginalRecords originals = new OriginalRecords(config, warehouse.bytes(sources), DEADLINE);
                LetterWork work = new LetterWork(
                        config,
                        new Letters(config, DEADLINE),
                        originals,
                        LetterOptions.inputs(sources),
                        Takers.of(registry),
                        rate,
                        DEADLINE)) {
            LetterWork.Outcome outcome =
                    work.replay(filter, asNew, why, now, sent -> terminal.status(sent + " records sent"));
            LetterOutcome.print(spec.commandLine().getOut(), output, outcome);
            return outcome.refused().isEmpty() ? ExitCode.OK : ExitCode.NOT_SOUND;
        }
    }
}
