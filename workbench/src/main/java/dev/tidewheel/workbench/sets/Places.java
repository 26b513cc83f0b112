package dev.tidewheel.workbench.sets;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.history.run.FileHistories;
import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.run.Histories;
import dev.tidewheel.history.run.WarehouseHistories;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where definitions, histories and the registry are.
 *
 * @param run a run on this machine, which has all of them; empty where all is named
 * @param definitions the folder with the definitions; those of the run where it is empty
 * @param warehouse with the raw tables; that of the run where it is empty
 * @param registry the Kafka with the registry; that of the run where it is empty
 * @param files histories that stand in files, by source
 */
public record Places(
        Optional<RunDirectory> run,
        Optional<Path> definitions,
        Optional<WarehouseConfig> warehouse,
        Optional<KafkaConfig> registry,
        Map<String, HistoryFile> files) {
    public Places {
        files = Map.copyOf(files);
    }

    /**
     * Opens them.
     *
     * @param knownWhenHappened whether a file may lack its source's known time
     * @throws WorkbenchException if something is missing
     */
    public OpenHistory open(boolean knownWhenHappened) throws InterruptedException {
        Optional<RunReader> reader = run.map(directory -> RunReader.open(Checkout.find(), directory));
        try {
            Definitions defined = defined(reader);
            Optional<KafkaConfig> kafka = kafka(reader);
            Map<String, Long> lineages =
                    kafka.isPresent() ? OpenHistory.lineages(defined, new Applier(kafka.get()).inForce()) : Map.of();
            Optional<WarehouseConfig> tables = warehouse.or(() -> reader.map(RunReader::warehouse));
            Optional<Warehouse> open = tables.map(Warehouse::open);
            Optional<Histories> raw = open.map(WarehouseHistories::new);
            Histories histories =
                    files.isEmpty() && raw.isPresent() ? raw.get() : new FileHistories(files, raw, knownWhenHappened);
            Map<String, Set<Integer>> imports = kafka.isPresent() && open.isPresent()
                    ? LineageImports.of(defined, lineages, open.get(), kafka.get())
                    : Map.of();
            return new OpenHistory(defined, histories, tables, open, files, lineages, imports);
        } finally {
            reader.ifPresent(RunReader::close);
        }
    }

    private Definitions defined(Optional<RunReader> reader) {
        if (definitions.isPresent()) {
            if (!Files.isDirectory(definitions.get())) {
                throw new WorkbenchException(
                        definitions.get() + " is not a folder; name the one that holds the *.yaml files");
            }
            return Definitions.load(definitions.get()).orThrow();
        }
        return reader.map(open -> open.script().definitions())
                .orElseThrow(() -> new WorkbenchException("name the folder with the definitions: --definitions DIR"));
    }

    private Optional<KafkaConfig> kafka(Optional<RunReader> reader) throws InterruptedException {
        return registry.isEmpty() && reader.isPresent()
                ? Optional.of(reader.get().kafka())
                : registry;
    }
}
