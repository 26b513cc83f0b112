package dev.tidewheel.workbench.cli;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.workbench.WorkbenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The folder with the definitions that a command is about. */
final class DefinitionsFolder {
    @Parameters(
            index = "0",
            paramLabel = "DIR",
            arity = "0..1",
            description = "The folder with the *.yaml files (default: the current folder).")
    private Path folder = Path.of(".");

    Definitions load() {
        if (!Files.isDirectory(folder)) {
            throw new WorkbenchException(folder + " is not a folder; name the one that holds the *.yaml files");
        }
        return Definitions.load(folder);
    }
}
