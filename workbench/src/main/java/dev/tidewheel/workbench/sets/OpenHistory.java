package dev.tidewheel.workbench.sets;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.run.Histories;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.workbench.WorkbenchException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Definitions with the histories that their values come from. Close it: it may hold a catalog's connections.
 *
 * @param definitions with nothing wrong
 * @param histories of their sources
 * @param tables where the warehouse is, if there is one
 * @param warehouse the same, open
 * @param files the histories that stand in files, by source
 * @param lineages of the views whose definitions are those in force, by name; empty where no registry was asked
 * @param imports numbers of those that the lineages were begun with, by view; a lineage that nobody has computed yet has none
 */
public record OpenHistory(
        Definitions definitions,
        Histories histories,
        Optional<WarehouseConfig> tables,
        Optional<Warehouse> warehouse,
        Map<String, HistoryFile> files,
        Map<String, Long> lineages,
        Map<String, Set<Integer>> imports)
        implements AutoCloseable {
    public OpenHistory {
        files = Map.copyOf(files);
        lineages = Map.copyOf(lineages);
        imports = Map.copyOf(imports);
    }

    /** The warehouse, which must be there. */
    public Warehouse requireWarehouse(String what) {
        return warehouse.orElseThrow(() -> new WorkbenchException(
                what + " is in a warehouse: say which with --run, or with --warehouse and --catalog"));
    }

    /** The hash of a service's definition, which covers its views and sources. */
    public String serviceHash(String service) {
        return definitions.toRegistry().stream()
                .filter(entry -> entry.key().equals(Kind.FEATURE_SERVICE.word() + "/" + service))
                .map(RegistryEntry::hash)
                .findFirst()
                .orElseThrow(
                        () -> new WorkbenchException("the definitions have no service '" + service + "'; they have "
                                + definitions.services().stream()
                                        .map(defined -> defined.name())
                                        .toList()));
    }

    /** The lineages that a registry has for the very views that are defined here. */
    static Map<String, Long> lineages(Definitions definitions, Map<String, Definition> registry) {
        Map<String, Long> lineages = new TreeMap<>();
        for (RegistryEntry entry : definitions.toRegistry()) {
            Definition inForce = registry.get(Registry.key(entry.kind(), entry.name()));
            boolean isView = entry.kind().equals(Kind.FEATURE_VIEW.word());
            if (isView && inForce != null && inForce.getHash().equals(entry.hash())) {
                lineages.put(entry.name(), inForce.getLineage());
            }
        }
        return lineages;
    }

    @Override
    public void close() {
        warehouse.ifPresent(Warehouse::close);
    }
}
