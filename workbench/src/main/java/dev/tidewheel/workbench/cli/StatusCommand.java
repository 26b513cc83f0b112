package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.PidFiles.Remembered;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which processes of a run are there. */
@Command(
        name = "status",
        description = "Shows the processes of a run.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the run is there", "1:nothing of it runs"})
final class StatusCommand implements Callable<Integer> {
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
        RunDirectory directory = run.directory(Checkout.find());
        List<Remembered> running = directory.pids().running();
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ArrayNode processes = JSON.createArrayNode();
            running.forEach(process -> processes
                    .addObject()
                    .put("name", process.name())
                    .put("pid", process.process().pid()));
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(processes));
        } else if (running.isEmpty()) {
            out.println("Nothing of run '" + run.name() + "' runs.");
        } else {
            running.forEach(process -> out.printf(
                    "%-12s pid %d%n", process.name(), process.process().pid()));
            out.println("Logs: " + directory.logs());
        }
        out.flush();
        return running.isEmpty() ? ExitCode.NOT_SOUND : ExitCode.OK;
    }
}
