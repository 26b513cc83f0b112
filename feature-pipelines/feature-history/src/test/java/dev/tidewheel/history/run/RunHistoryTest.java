package dev.tidewheel.history.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.OnlineSimulation;
import dev.tidewheel.history.OnlineSimulation.Fault;
import dev.tidewheel.history.explain.ServedExplanation;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ParitySettings;
import dev.tidewheel.history.parity.Performance;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.history.warehouse.RawRows;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RunHistoryTest {
    private static final String FORMER = "sha256:former";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @TempDir
    private Path folder;

    @Test
    void aRunIsJudgedAndExplainedFromWhatItLeftBehind() throws Exception {
        long seed = new Random().nextLong();
        OnlineSimulation run = new OnlineSimulation(new Random(seed), 500, Fault.NONE).ask(100);
        WarehouseConfig config =
                new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            RunHistory history =
                    new RunHistory(Flights.DEFINITIONS, new TopicScan(KAFKA.config(), DEADLINE), warehouse);
            RawRows.create(warehouse).append(run.topic, run.partitions, run.offsets);
            publish(run, history.serviceHash("departure"));

            ParityReport report = history.parity("departure", ParitySettings.DEFAULT);
            List<ServedExplanation> explanations = history.explain("r99");
            Performance performance = history.performance("late-arrival").result();

            assertThat(report.inferences()).isEqualTo(105);
            assertThat(report.arms()).containsEntry("shadow", 5L);
            assertThat(report.views())
                    .filteredOn(view -> view.view().equals("route_delays@" + FORMER))
                    .singleElement()
                    .satisfies(view -> assertThat(view.matched()).isEqualTo(5));
            assertThat(report.unexplained()).as("seed %d: %s", seed, report).isZero();
            assertThat(report.pending()).isZero();
            assertThat(explanations).singleElement().satisfies(explanation -> {
                assertThat(explanation.isExplained()).as("seed %d", seed).isTrue();
                assertThat(explanation.toJson()).contains("\"snapshotId\" : 7");
            });
            assertThat(history.explain("nobody")).isEmpty();
            assertThat(history.explain("r0"))
                    .as("seed %d: the champion's and the shadow's", seed)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(ServedExplanation::isExplained);
            assertThat(performance.rows()).isEqualTo(100);
            assertThat(performance.auc()).isEqualTo(0.5);
            assertThat(history.deadLetters().late("origin_delays", 0))
                    .isEqualTo(run.deadLetters.stream()
                            .filter(letter -> letter.getView().equals("origin_delays"))
                            .count());
        }
    }

    private static void publish(OnlineSimulation run, String serviceHash) throws Exception {
        KAFKA.createOwnTopics();
        List<Inference> inferences = run.log.stream()
                .map(inference -> Inference.newBuilder(inference)
                        .setServiceHash(serviceHash)
                        .build())
                .toList();
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < inferences.size(); i++) {
            labels.add(new Label(inferences.get(i).getRequestId(), 0, "late-arrival", "late", (double) (i % 2), 1L));
        }
        send(Topics.INFERENCES, inferences, Inference.class);
        send(Topics.INFERENCES, inferences.subList(0, 10), Inference.class); // delivered at least once
        List<Inference> shadows = inferences.subList(0, 5).stream()
                .map(inference -> Inference.newBuilder(inference)
                        .setArm("shadow")
                        .setServiceHash(FORMER)
                        .build())
                .toList();
        send(Topics.INFERENCES, shadows, Inference.class);
        send(Topics.FRONTIERS, run.frontiers, Frontier.class);
        send(Topics.LABELS, labels, Label.class);
        send(Topics.DEAD_LETTERS, run.deadLetters, DeadLetter.class);
        Definition model = Definition.newBuilder()
                .setKind("ModelVersion")
                .setName("late-arrival.1")
                .setHash("sha256:x")
                .setBody("{\"trainingSet\": {\"snapshotId\": 7}}")
                .setAppliedAt(0)
                .build();
        send(Topics.DEFINITIONS, List.of(model, pin()), Definition.class);
    }

    /** The service as it is, pinned under another hash. */
    private static Definition pin() {
        Map<String, Definition> registry = new HashMap<>();
        for (RegistryEntry entry : Flights.DEFINITIONS.toRegistry()) {
            boolean isService = entry.kind().equals("FeatureService");
            registry.put(
                    entry.key(),
                    new Definition(
                            entry.kind(),
                            entry.name(),
                            isService ? FORMER : entry.hash(),
                            entry.body(),
                            1L,
                            List.of(),
                            0L));
        }
        return ServingRecords.servicePin("departure", registry, 0);
    }

    private static <T extends SpecificRecord> void send(String topic, List<T> records, Class<T> type) throws Exception {
        try (Producer<String, T> producer = KafkaClients.producer(KAFKA.config(), DEADLINE, RecordSerde.of(type))) {
            for (int i = 0; i < records.size(); i++) {
                producer.send(new ProducerRecord<>(topic, Integer.toString(i), records.get(i)));
            }
            producer.flush();
        }
    }
}
