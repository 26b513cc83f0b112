package dev.tidewheel.workbench.cli;

import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.dead.OriginalRecords.Original;
import dev.tidewheel.workbench.dead.OriginalRecords.RawBytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the raw tables are. */
final class WarehouseOption {
    @Option(names = "--warehouse", paramLabel = "DIR", description = "The raw tables' folder; with --catalog.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--catalog",
            paramLabel = "JDBC",
            description = "Its catalog, such as jdbc:sqlite:/data/catalog.db.")
    private Optional<String> catalog = Optional.empty();

    /**
     * The bytes of rejected records, or nothing if no warehouse was named.
     *
     * @param sources those in force; a topic may be in the tables of several
     */
    RawBytes bytes(List<Source> sources) {
        return config().map(config -> bytes(config, sources)).orElse(RawBytes.NONE);
    }

    private static RawBytes bytes(WarehouseConfig config, List<Source> sources) {
        return (topic, partition, offset) -> sources.stream()
                .filter(source -> source.topics().contains(topic))
                .flatMap(source -> rejected(config, source.name(), topic, partition, offset).stream())
                .findFirst()
                .flatMap(rejected -> Optional.ofNullable(rejected.value())
                        .map(value -> new Original(rejected.key(), value, List.of())));
    }

    /** Where the tables are; empty if no warehouse was named. */
    Optional<WarehouseConfig> config() {
        if (folder.isPresent() != catalog.isPresent()) {
            throw new WorkbenchException("--warehouse and --catalog go together");
        }
        return folder.map(path -> new WarehouseConfig(path, catalog.orElseThrow()));
    }

    private static Optional<RawTable.Rejected> rejected(
            WarehouseConfig config, String source, String topic, int partition, long offset) {
        try (Warehouse open = Warehouse.open(config)) {
            return open.hasRaw(source) ? open.raw(source).rejected(topic, partition, offset) : Optional.empty();
        }
    }
}
