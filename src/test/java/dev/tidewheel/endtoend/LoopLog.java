package dev.tidewheel.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What the closed loop has left on its topics, read after the run.
 *
 * @param decisions of the one model, in their order
 * @param inbox in the order of the same
 * @param alerts repeated ones too
 * @param metrics the last record of each row's key, which is the one in force
 * @param inferences logged rows of all arms
 * @param labels sent
 */
record LoopLog(
        List<LifecycleDecision> decisions,
        List<LifecycleEvent> inbox,
        List<Alert> alerts,
        List<MetricRow> metrics,
        List<Inference> inferences,
        List<Label> labels) {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    static LoopLog of(RunDirectory run) throws InterruptedException {
        try (RunReader reader = RunReader.open(Checkout.find(), run)) {
            TopicScan topics = reader.topics();
            Map<String, MetricRow> rows = new LinkedHashMap<>();
            topics.scan(Topics.METRICS, MetricRow.class, row -> rows.put(key(row), row));
            return new LoopLog(
                    all(topics, Topics.LIFECYCLE, LifecycleDecision.class),
                    all(topics, Topics.LIFECYCLE_INBOX, LifecycleEvent.class),
                    all(topics, Topics.ALERTS, Alert.class),
                    List.copyOf(rows.values()),
                    all(topics, Topics.INFERENCES, Inference.class),
                    all(topics, Topics.LABELS, Label.class));
        }
    }

    /** Writes one decision more into a run's topic, as somebody would who forges history. */
    static void forge(RunDirectory run, LifecycleDecision decision) throws Exception {
        try (RunReader reader = RunReader.open(Checkout.find(), run)) {
            KafkaConfig kafka = reader.kafka();
            RecordSerde<LifecycleDecision> serde = RecordSerde.of(LifecycleDecision.class);
            try (Producer<String, LifecycleDecision> producer = KafkaClients.producer(kafka, DEADLINE, serde)) {
                producer.send(new ProducerRecord<>(Topics.LIFECYCLE, decision.getModel(), decision))
                        .get();
            }
        }
    }

    /** The whole state after a decision. */
    static JsonNode state(LifecycleDecision decision) {
        try {
            return JSON.readTree(decision.getState());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the state after " + decision.getEventId() + " is not JSON", e);
        }
    }

    /** The decision about each event that was the first to be made: repeated events change nothing. */
    List<LifecycleDecision> firstDecisions() {
        Map<String, LifecycleDecision> first = new LinkedHashMap<>();
        decisions.forEach(decision -> first.putIfAbsent(decision.getEventId(), decision));
        return List.copyOf(first.values());
    }

    /** Decisions that start a run, by its version; one that starts a version twice makes this fail. */
    Map<String, LifecycleDecision> starts() {
        Map<String, LifecycleDecision> starts = new LinkedHashMap<>();
        for (LifecycleDecision decision : decisions) {
            decision.getDesired().stream()
                    .filter(change -> change.getSlot().startsWith("training/") && change.getGeneration() == 1)
                    .map(change -> change.getSlot().substring("training/".length()))
                    .forEach(version -> {
                        if (starts.put(version, decision) != null) {
                            throw new AssertionError(version + " was started twice");
                        }
                    });
        }
        return starts;
    }

    /** Rows of the same place, by what tells them apart. */
    <K> Map<K, List<MetricRow>> metricsBy(Function<MetricRow, K> key) {
        Map<K, List<MetricRow>> groups = new LinkedHashMap<>();
        metrics.forEach(row -> groups.computeIfAbsent(key.apply(row), none -> new ArrayList<>())
                .add(row));
        return groups;
    }

    private static String key(MetricRow row) {
        return String.join(
                "/",
                row.getMonitor(),
                row.getModel(),
                row.getModelVersion(),
                row.getFeature(),
                row.getSegment(),
                Long.toString(row.getWindowStart()),
                Integer.toString(row.getRevision()));
    }

    private static <T extends SpecificRecord> List<T> all(TopicScan topics, String topic, Class<T> type)
            throws InterruptedException {
        List<T> records = new ArrayList<>();
        topics.scan(topic, type, records::add);
        return List.copyOf(records);
    }
}
