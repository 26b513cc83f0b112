package dev.tidewheel.history.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.explain.Explain;
import dev.tidewheel.history.explain.ServedExplanation;
import dev.tidewheel.history.parity.JudgedService;
import dev.tidewheel.history.parity.OnlinePerformance;
import dev.tidewheel.history.parity.Parity;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ParitySettings;
import dev.tidewheel.history.parity.PinnedServices;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ServiceHistories;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.kafka.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a platform left behind, finished or still running: each call reads the topics and the raw tables as they are then.
 * Thread-safe, but every call costs a scan.
 */
public final class RunHistory {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Definitions definitions;
    private final TopicScan topics;
    private final Warehouse warehouse;

    /**
     * @param definitions as they were applied
     */
    public RunHistory(Definitions definitions, TopicScan topics, Warehouse warehouse) {
        this.definitions = definitions;
        this.topics = topics;
        this.warehouse = warehouse;
    }

    /** For every view of a service the committed raw rows of its source. */
    public Map<String, ChangeHistory> histories(String service) {
        return ServiceHistories.read(definitions, service, reader());
    }

    /** Reads every source once, whichever version of a service asks for it. */
    private Function<Source, ChangeHistory> reader() {
        Map<List<Object>, ChangeHistory> read = new HashMap<>();
        return source -> read.computeIfAbsent(
                List.of(SourceColumns.of(source), source.topics()),
                unread -> warehouse.raw(source).readNewest(SourceColumns.of(source)));
    }

    /** The service in force, then those pinned. */
    private List<JudgedService> versions(String service) throws InterruptedException {
        PinnedServices pinned = new PinnedServices(service);
        topics.scan(Topics.DEFINITIONS, Definition.class, pinned::add);
        Function<Source, ChangeHistory> reader = reader();
        Map<String, ChangeHistory> histories = ServiceHistories.read(definitions, service, reader);
        return pinned.with(
                new JudgedService(definitions.servicePlan(service), serviceHash(service), histories), reader);
    }

    /** All announced flushes. */
    public FrontierIndex frontiers() throws InterruptedException {
        FrontierIndex index = new FrontierIndex();
        topics.scan(Topics.FRONTIERS, Frontier.class, index::add);
        return index;
    }

    /**
     * Judges everything that was served to a service's models until now, also by versions of it that have been pinned.
     * Where the inferences end is noted before the frontiers and the raw tables are read: so whatever the inferences contain
     * had been announced by then.
     */
    public ParityReport parity(String service, ParitySettings settings) throws InterruptedException {
        Map<Integer, Long> ends = topics.ends(Topics.INFERENCES);
        FrontierIndex frontiers = frontiers();
        List<JudgedService> versions = versions(service);
        DeadLetters letters = deadLetters();
        try (Parity parity = new Parity(versions, frontiers, letters, settings)) {
            topics.scan(Topics.INFERENCES, Inference.class, ends, inference -> {
                if (inference.getService().equals(service)) {
                    parity.add(inference);
                }
            });
            return parity.result();
        }
    }

    /** Takes the rows of a request apart; none if no such request was logged. */
    public List<ServedExplanation> explain(String requestId) throws InterruptedException {
        List<Inference> rows = new ArrayList<>();
        topics.scan(Topics.INFERENCES, Inference.class, inference -> {
            if (inference.getRequestId().equals(requestId)) {
                rows.add(inference);
            }
        });
        if (rows.isEmpty()) {
            return List.of();
        }
        rows.sort(Comparator.comparingInt(Inference::getRow).thenComparing(Inference::getArm));
        List<JudgedService> versions = versions(rows.get(0).getService());
        FrontierIndex frontiers = frontiers();
        List<ServedExplanation> explanations = new ArrayList<>();
        for (Inference row : rows) {
            JudgedService version = versions.stream()
                    .filter(known -> known.hash().equals(row.getServiceHash()))
                    .findFirst()
                    .orElse(versions.get(0));
            ServedExplanation explanation = new Explain(version.plan(), version.histories(), frontiers).explain(row);
            explanations.add(modelVersion(row).map(explanation::with).orElse(explanation));
        }
        return explanations;
    }

    /** Predictions of a model against the labels that are known by now. */
    public OnlinePerformance performance(String model) throws InterruptedException {
        OnlinePerformance performance = new OnlinePerformance(model);
        topics.scan(Topics.INFERENCES, Inference.class, performance::add);
        topics.scan(Topics.LABELS, Label.class, performance::add);
        return performance;
    }

    /** All dead letters, each once. */
    public DeadLetters deadLetters() throws InterruptedException {
        DeadLetters letters = new DeadLetters();
        topics.scan(Topics.DEAD_LETTERS, DeadLetter.class, letters::add);
        return letters;
    }

    /**
     * The hash of a service's definition.
     *
     * @throws IllegalArgumentException if there is no such service
     */
    public String serviceHash(String service) {
        return definitions.toRegistry().stream()
                .filter(entry ->
                        entry.kind().equals("FeatureService") && entry.name().equals(service))
                .map(RegistryEntry::hash)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no feature service '" + service + "'"));
    }

    private Optional<JsonNode> modelVersion(Inference row) throws InterruptedException {
        String name = row.getModel() + "." + row.getModelVersion();
        List<Definition> found = new ArrayList<>();
        topics.scan(Topics.DEFINITIONS, Definition.class, definition -> {
            if (definition.getKind().equals("ModelVersion")
                    && definition.getName().equals(name)) {
                found.add(definition);
            }
        });
        return found.isEmpty() ? Optional.empty() : Optional.of(json(found.get(found.size() - 1)));
    }

    private static JsonNode json(Definition definition) {
        try {
            return JSON.readTree(definition.getBody());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the registry's " + definition.getKind() + " " + definition.getName() + " is no JSON", e);
        }
    }
}
