package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.PidFiles;
import dev.tidewheel.workbench.stack.PidFiles.Remembered;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends what runs. */
@Command(
        name = "stop",
        description = {
            "Stops all processes of a run, also those that a crash has left.",
            "What the run has done stays; a later start goes on with it."
        },
        mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
    @Mixin
    private RunOption run = new RunOption();

    @Override
    public Integer call() {
        RunDirectory directory = run.directory(Checkout.find());
        Terminal terminal = Terminal.ofProcess();
        PidFiles pids = directory.pids();
        // The workbench first: it stops its children itself, in order, and would bring back what dies.
        pids.running().stream()
                .filter(process -> process.name().equals(PidFiles.WORKBENCH))
                .forEach(process -> end(pids, process, terminal));
        List<Remembered> left = pids.running();
        left.forEach(process -> end(pids, process, terminal));
        return ExitCode.OK;
    }

    private static void end(PidFiles pids, Remembered process, Terminal terminal) {
        terminal.line(
                "stopping " + process.name() + ", pid " + process.process().pid());
        pids.end(process);
    }
}
