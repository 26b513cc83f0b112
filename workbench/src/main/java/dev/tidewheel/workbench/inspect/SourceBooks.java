package dev.tidewheel.workbench.inspect;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.history.backfill.Imported;
import dev.tidewheel.history.books.Books;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.runtime.warehouse.RawTables;
import dev.tidewheel.workbench.apply.Applier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The books of sources: raw tables against what was imported, and, where Kafka is known, against topics and dead letters. They
 * close at rest: what jobs have not committed yet is missing. A source's history is held in memory. For one thread.
 */
public final class SourceBooks {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Definitions definitions;
    private final Warehouse warehouse;
    private final Books books = new Books();
    private final List<String> leftOut = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();

    public SourceBooks(Definitions definitions, Warehouse warehouse) {
        this.definitions = definitions;
        this.warehouse = warehouse;
    }

    /** What was entered. */
    public Books books() {
        return books;
    }

    /** Lineages whose dead letters nobody looked at: they go by a definition of their source that is not this one. */
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /**
     * Lineages that are computed without an import. That is right of one that was begun before, and of no other: no sum tells
     * them apart.
     */
    public List<String> unread() {
        return List.copyOf(unread);
    }

    /** Those that are defined and have a raw table. */
    public List<Source> sources() {
        return definitions.sources().stream()
                .filter(source -> warehouse.hasRaw(source.name()))
                .toList();
    }

    /** Enters what the tables alone say. */
    public SourceBooks enter(List<Source> sources) {
        sources.forEach(source -> books.imports(raw(source), imports(source)));
        return this;
    }

    /** Enters the same, and what topics and jobs say of it. */
    public SourceBooks enter(List<Source> sources, KafkaConfig kafka) throws InterruptedException {
        TopicScan topics = new TopicScan(kafka, DEADLINE);
        FrontierIndex frontiers = new FrontierIndex();
        topics.scan(Topics.FRONTIERS, Frontier.class, frontiers::add);
        DeadLetters letters = new DeadLetters();
        topics.scan(Topics.DEAD_LETTERS, DeadLetter.class, letters::add);
        Map<String, Definition> registry = new Applier(kafka).inForce();
        for (Source source : sources) {
            Map<Integer, Long> ends = ends(source, topics);
            ChangeHistory raw = raw(source);
            List<Imported> imports = imports(source);
            books.source(raw, ends).imports(raw, imports);
            unread(source, imports, registry, frontiers);
            readers(source, registry, frontiers)
                    .forEach((cohort, read) -> books.importLetters(raw, read, letters, cohort));
        }
        return this;
    }

    private ChangeHistory raw(Source source) {
        return warehouse.raw(source).readNewest(SourceColumns.of(source));
    }

    private List<Imported> imports(Source source) {
        return Imported.of(warehouse.catalog().loadTable(RawTables.name(source.name())));
    }

    private static Map<Integer, Long> ends(Source source, TopicScan topics) {
        Map<Integer, Long> ends = new TreeMap<>();
        for (String topic : source.topics()) {
            topics.ends(topic)
                    .forEach((partition, end) -> ends.put(source.channels().channel(topic, partition), end));
        }
        return ends;
    }

    /** By cohort the imports that it reads. */
    private Map<Long, Set<Integer>> readers(Source source, Map<String, Definition> registry, FrontierIndex frontiers) {
        Map<Long, Set<Integer>> readers = new TreeMap<>();
        for (ViewLineage lineage : ViewLineages.ofSource(registry, source.name())) {
            Set<Integer> read =
                    frontiers.imports(lineage.view(), lineage.lineage()).orElse(Set.of());
            if (lineage.sourceBody().equals(body(source))) {
                readers.computeIfAbsent(lineage.cohort(), unseen -> new TreeSet<>())
                        .addAll(read);
            } else if (!read.isEmpty()) {
                leftOut.add(lineage.id());
            }
        }
        return readers;
    }

    private void unread(
            Source source, List<Imported> imports, Map<String, Definition> registry, FrontierIndex frontiers) {
        for (ViewLineage lineage : ViewLineages.ofSource(registry, source.name())) {
            frontiers
                    .imports(lineage.view(), lineage.lineage())
                    .ifPresent(read -> imports.stream()
                            .filter(imported -> !read.contains(imported.partition()))
                            .forEach(imported -> unread.add(lineage.id() + " is computed without import "
                                    + imported.number() + " of source " + source.name()
                                    + ": right if it was begun before, else rows are missing")));
        }
    }

    private String body(Source source) {
        return definitions.toRegistry().stream()
                .filter(entry ->
                        entry.kind().equals(Kind.SOURCE.word()) && entry.name().equals(source.name()))
                .map(RegistryEntry::body)
                .findFirst()
                .orElse("");
    }
}
