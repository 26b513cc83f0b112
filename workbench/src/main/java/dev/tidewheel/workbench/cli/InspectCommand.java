package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.inspect.SetInspector;
import dev.tidewheel.history.inspect.SetReport;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.OpenHistory;
import dev.tidewheel.workbench.sets.SetCheck;
import dev.tidewheel.workbench.sets.SetProgress;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at the quality of training sets. */
@Command(
        name = "inspect",
        description = {
            "Looks at a training set: columns that leak the future, are missing or constant, or drift.",
            "Also what tells the label alone. Some of its questions are asked again, as serving, a join on event times and"
                    + " hindsight would have answered them; definitions and histories are those of the command that built"
                    + " the set."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no column is a suspect",
            "1:some are: they leak, or are the label",
            "3:the set, or what it was built from, is not there; the message says what to do"
        })
final class InspectCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SET", description = "The folder of the training set.")
    private Path folder = Path.of("");

    @Mixin
    private PlacesOption places = new PlacesOption();

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "How many rows are held against the label and asked again (default: ${DEFAULT-VALUE}).")
    private int most = SetInspector.SAMPLE;

    @Option(names = "--data-only", description = "Look at the set alone, without definitions and histories.")
    private boolean dataOnly;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (most < 1) {
            throw new WorkbenchException("--sample " + most + ": at least one row is needed");
        }
        TrainingSet set = open();
        SetReport report = dataOnly ? new SetInspector(set, most).alone("--data-only") : compared(set);
        PrintWriter out = spec.commandLine().getOut();
        out.println(output == OutputFormat.JSON ? InspectText.json(report) : InspectText.of(report));
        out.flush();
        return report.suspects().isEmpty() ? ExitCode.OK : ExitCode.NOT_SOUND;
    }

    private TrainingSet open() {
        if (!Files.isRegularFile(folder.resolve(TrainingSetManifest.FILE))) {
            throw new WorkbenchException(
                    "there is no training set in " + folder + ": it has no " + TrainingSetManifest.FILE);
        }
        try {
            return TrainingSet.open(folder);
        } catch (IOException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    private SetReport compared(TrainingSet set) throws IOException, InterruptedException {
        try (OpenHistory history = places.places().open(false)) {
            return new SetCheck(history, set, folder.toString()).run(most, new SetProgress(Terminal.ofProcess()));
        }
    }
}
