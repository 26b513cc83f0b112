package dev.tidewheel.workbench.sets;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.backfill.Imported;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.warehouse.RawTables;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which imports the lineages were begun with that serve, by what their jobs tell of themselves. */
final class LineageImports {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private LineageImports() {}

    /**
     * The numbers of the imports, by view; of a lineage that nobody has computed yet nothing is known. The topic of frontiers
     * is read only if there is an import.
     *
     * @param lineages by view
     */
    static Map<String, Set<Integer>> of(
            Definitions definitions, Map<String, Long> lineages, Warehouse warehouse, KafkaConfig kafka)
            throws InterruptedException {
        if (definitions.sources().stream().noneMatch(source -> hasImports(source, warehouse))) {
            return Map.of();
        }
        FrontierIndex frontiers = new FrontierIndex();
        new TopicScan(kafka, DEADLINE).scan(Topics.FRONTIERS, Frontier.class, frontiers::add);
        Map<String, Set<Integer>> imports = new TreeMap<>();
        lineages.forEach((view, lineage) -> frontiers
                .imports(view, lineage)
                .ifPresent(partitions -> imports.put(
                        view,
                        partitions.stream().map(Channels::importNumber).collect(Collectors.toUnmodifiableSet()))));
        return imports;
    }

    private static boolean hasImports(Source source, Warehouse warehouse) {
        return warehouse.hasRaw(source.name())
                && !Imported.of(warehouse.catalog().loadTable(RawTables.name(source.name())))
                        .isEmpty();
    }
}
