package dev.tidewheel.workbench.cli;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Publishes definitions. */
@Command(
        name = "apply",
        description = {
            "Publishes definitions to the registry. What is in force already is left alone.",
            "A feature job computes what was in force when it was submitted: submit it again afterwards."
        },
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private DefinitionsFolder folder = new DefinitionsFolder();

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Applier applier = new Applier(kafka.config());
        Map<String, Definition> inForce = applier.inForce();
        ApplyPlan plan = ApplyPlan.of(folder.load().orThrow().toRegistry(), inForce);
        applier.apply(plan, inForce, new WallClock().now());
        PlanCommand.print(spec.commandLine().getOut(), plan);
        return ExitCode.OK;
    }
}
