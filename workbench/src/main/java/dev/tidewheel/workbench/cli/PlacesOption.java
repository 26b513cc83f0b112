package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.Places;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Where definitions and histories are: a run on this machine, or named one by one. */
final class PlacesOption {
    @Option(
            names = "--run",
            paramLabel = "NAME",
            description = "A run on this machine, which need not run any more: its definitions, raw tables and"
                    + " registry (default: demo, unless --definitions is given).")
    private Optional<String> run = Optional.empty();

    @Option(names = "--definitions", paramLabel = "DIR", description = "The folder with the *.yaml files.")
    private Optional<Path> definitions = Optional.empty();

    @Option(names = "--warehouse", paramLabel = "DIR", description = "The raw tables' folder; with --catalog.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--catalog",
            paramLabel = "JDBC",
            description = "Its catalog, such as jdbc:sqlite:/data/catalog.db.")
    private Optional<String> catalog = Optional.empty();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka with the registry, which knows the views' lineages.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = "--history",
            paramLabel = "SOURCE=FILE",
            description = "Read the history of this source from a Parquet file; repeatable.")
    private Map<String, Path> files = new LinkedHashMap<>();

    @Option(
            names = "--column",
            paramLabel = "SOURCE.NAME=EXPR",
            description = "A column that the source's file does not store: an expression over those that it does;"
                    + " repeatable.")
    private Map<String, String> columns = new LinkedHashMap<>();

    Places places() {
        if (folder.isPresent() != catalog.isPresent()) {
            throw new WorkbenchException("--warehouse and --catalog go together");
        }
        return new Places(
                RunOption.of(run, definitions.isPresent()),
                definitions,
                folder.map(path -> ExistingWarehouse.require(new WarehouseConfig(path, catalog.orElseThrow()))),
                bootstrap.map(KafkaConfig::new),
                histories());
    }

    private Map<String, HistoryFile> histories() {
        Map<String, Map<String, String>> computed = new HashMap<>();
        columns.forEach((name, expression) -> {
            int dot = name.indexOf('.');
            if (dot < 1 || !files.containsKey(name.substring(0, dot))) {
                throw new WorkbenchException(
                        "--column " + name + ": write SOURCE.NAME=EXPR, for a source whose --history" + " is a file");
            }
            computed.computeIfAbsent(name.substring(0, dot), unseen -> new TreeMap<>())
                    .put(name.substring(dot + 1), expression);
        });
        Map<String, HistoryFile> histories = new HashMap<>();
        files.forEach((source, file) ->
                histories.put(source, new HistoryFile(file, computed.getOrDefault(source, Map.of()))));
        return histories;
    }
}
