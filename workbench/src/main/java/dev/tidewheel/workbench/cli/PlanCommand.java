package dev.tidewheel.workbench.cli;

import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.apply.Rollover;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What applying would change. */
@Command(
        name = "plan",
        description = {
            "Shows what applying definitions would do now, definition by definition.",
            "  keep    it is in force",
            "  add     it comes into force",
            "  change  it comes into force; a view keeps its lineage and its state",
            "  begin   the view's values are others: a new lineage is computed beside the old one",
            "  wait    the new lineage is under way, readers stay with the old one",
            "  switch  the new lineage has caught up, readers move to it",
            "  hold    it refers to something that is not in force yet, or cannot be done; nothing happens",
            "  absent  it is in force and not in the folder; it stays"
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to change, or no --exit-code", "1:with --exit-code: something would change or waits"
        })
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private DefinitionsFolder folder = new DefinitionsFolder();

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Option(names = "--exit-code", description = "Ends with 1 if there is something to change.")
    private boolean exitCode;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ApplyPlan plan =
                new Rollover(kafka.config(), folder.load().orThrow().toRegistry(), new WallClock()::now).plan();
        PlanText.print(spec.commandLine().getOut(), output, plan);
        return exitCode && !plan.isEmpty() ? ExitCode.NOT_SOUND : ExitCode.OK;
    }
}
