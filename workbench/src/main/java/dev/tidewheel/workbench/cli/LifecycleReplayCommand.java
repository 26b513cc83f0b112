package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private RunOption run = new RunOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        try (RunReader reader = RunReader.open(checkout, run.directory(checkout))) {
            RunReader.Replayed replayed = reader.replayLifecycle();
            PrintWriter out = spec.commandLine().getOut();
            out.println(
                    output == OutputFormat.JSON
                            ? JSON.createObjectNode()
                                    .put("same", replayed.exitCode() == 0)
                                    .put("found", replayed.text())
                            : replayed.text());
            out.flush();
            return switch (replayed.exitCode()) {
                case 0 -> ExitCode.OK;
                case 1 -> ExitCode.NOT_SOUND;
                default -> ExitCode.FAILED;
            };
        }
    }
}
