package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Decides everything again. */
@Command(
        name = "replay",
        description = {
            "Feeds the lifecycle's inbox to the fold once more and compares every decision, byte for byte.",
            "The same whether the run is there or not."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the same decisions", "1:others", "3:the topics could not be read"})
final class LifecycleReplayCommand implements Callable<Integer> {
    @Mixin
    private RunOption run = new RunOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        try (RunReader reader = RunReader.open(checkout, run.directory(checkout))) {
            int code = reader.replayLifecycle(output == OutputFormat.JSON);
            return switch (code) {
                case 0 -> ExitCode.OK;
                case 1 -> ExitCode.NOT_SOUND;
                default -> ExitCode.FAILED;
            };
        }
    }
}
