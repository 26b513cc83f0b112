package dev.tidewheel.workbench.cli;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where sources are defined, and where their raw tables are: a run on this machine, or named one by one. */
final class SourcesOption {
    @Option(
            names = "--run",
            paramLabel = "NAME",
            description = "A run on this machine, with definitions, raw tables and topics (default: demo, unless"
                    + " --definitions is given).")
    private Optional<String> run = Optional.empty();

    @Option(names = "--definitions", paramLabel = "DIR", description = "The folder with the *.yaml files.")
    private Optional<Path> definitions = Optional.empty();

    @Mixin
    private WarehouseOption warehouse = new WarehouseOption();

    /** The run, if one is used; to be closed. */
    Optional<RunReader> reader() {
        return RunOption.of(run, definitions.isPresent()).map(directory -> RunReader.open(Checkout.find(), directory));
    }

    /** Where the raw tables are. */
    WarehouseConfig warehouse(Optional<RunReader> reader) {
        return warehouse
                .config()
                .or(() -> reader.map(RunReader::warehouse))
                .orElseThrow(() -> new WorkbenchException(
                        "say where the raw tables are: --run NAME, or --warehouse DIR and --catalog JDBC"));
    }

    /** What is defined. */
    Definitions defined(Optional<RunReader> reader) {
        if (definitions.isPresent() && !Files.isDirectory(definitions.get())) {
            throw new WorkbenchException(
                    definitions.get() + " is not a folder; name the one that holds the *.yaml files");
        }
        return definitions
                .map(folder -> Definitions.load(folder).orThrow())
                .orElseGet(() -> reader.orElseThrow().script().definitions());
    }
}
