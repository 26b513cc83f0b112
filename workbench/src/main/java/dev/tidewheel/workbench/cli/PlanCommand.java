package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.apply.PlannedChange;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What applying would change. */
@Command(
        name = "plan",
        description = "Shows what applying definitions would change in the registry.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private DefinitionsFolder folder = new DefinitionsFolder();

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ApplyPlan plan = ApplyPlan.of(folder.load().orThrow().toRegistry(), new Applier(kafka.config()).inForce());
        print(spec.commandLine().getOut(), plan);
        return ExitCode.OK;
    }

    static void print(PrintWriter out, ApplyPlan plan) {
        for (PlannedChange change : plan.changes()) {
            String lineage = change.lineage() == 0 ? "" : "  lineage " + change.lineage();
            out.println(String.format(
                    Locale.ROOT,
                    "%-7s %s%s",
                    word(change.action()),
                    change.entry().key(),
                    lineage));
        }
        out.println(plan.isEmpty() ? "Nothing to change." : "");
        out.flush();
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }
}
