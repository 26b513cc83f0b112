package dev.tidewheel.workbench.cli;

import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.apply.PlannedChange;
import dev.tidewheel.workbench.apply.Rollover;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Publishes definitions. */
@Command(
        name = "apply",
        description = {
            "Brings definitions into force, as far as that can be done now; 'tidewheel plan' shows it before.",
            "A view that changes beside a running job gets a new lineage. The job takes it up at its next start from a"
                    + " savepoint ('tidewheel jobs restart'). Once it has caught up, applying the same folder again"
                    + " moves the readers."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:everything is in force", "4:the rest waits for a lineage to catch up: apply again"})
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private DefinitionsFolder folder = new DefinitionsFolder();

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Waits so long for new lineages to catch up, such as 10m (default: does not wait).")
    private Duration patience = Duration.ZERO;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    private final Terminal terminal = Terminal.ofProcess();

    @Override
    public Integer call() throws Exception {
        ApplyPlan plan = new Rollover(kafka.config(), folder.load().orThrow().toRegistry(), new WallClock()::now)
                .apply(patience, this::show);
        PlanText.print(spec.commandLine().getOut(), output, plan);
        return plan.waits() ? ExitCode.WAITS : ExitCode.OK;
    }

    private void show(ApplyPlan plan) {
        if (!patience.isZero() && plan.waits()) {
            terminal.status(plan.changes().stream()
                    .filter(PlannedChange::waits)
                    .map(change -> change.entry().key() + ": "
                            + change.reasons().stream().findFirst().orElse("begins"))
                    .collect(Collectors.joining("; ")));
        }
    }
}
