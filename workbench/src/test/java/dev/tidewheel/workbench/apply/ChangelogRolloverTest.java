package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chained view whose upstream is defined otherwise beside its job, which is played by frontiers and topics. */
class ChangelogRolloverTest {
    private static final Path EXAMPLES = Path.of("../examples");
    private static final long NOON = 981_028_800_000L;

    private final KafkaBrokerFixture kafka = new KafkaBrokerFixture();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        kafka.start();
        kafka.createOwnTopics();
        kafka.createTopic("flights", 1);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void theNewChangelogRunsBesideTheOldOneUntilItIsAsFar() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "routes_changelog");
        String old = topic(load("windows: [24h]"));
        assertThat(apply("windows: [24h]").waits()).isFalse();
        kafka.createTopic(old, 1);
        tell(old, 0, NOON);
        job.acknowledge("origin", old, 2, "worst_routes@1");

        ApplyPlan begun = apply("windows: [24h, 48h]");

        assertThat(change(begun, "FeatureView/worst_routes").action()).isEqualTo(Action.BEGIN);
        assertThat(change(begun, "Source/routes_changelog").action()).isEqualTo(Action.HOLD);
        assertThat(lineages()).containsExactly("worst_routes@1 in 0", "worst_routes@2 in 1");

        String now = topic(load("windows: [24h, 48h]"));
        assertThat(now).isNotEqualTo(old);
        kafka.createTopic(now, 1);
        tell(now, 0, NOON - 1);
        job.acknowledge("origin@1", now, 2, "worst_routes@2");
        ApplyPlan early = apply("windows: [24h, 48h]");
        assertThat(change(early, "FeatureView/worst_routes").reasons())
                .contains("its changelog is not complete up to 2001-02-01T12:00:00Z yet");

        tell(now, NOON);
        assertThat(change(apply("windows: [24h, 48h]"), "FeatureView/worst_routes")
                        .reasons())
                .contains("is 1 records behind its changelog");

        job.acknowledge("origin@1", now, 3, "worst_routes@2");
        ApplyPlan done = apply("windows: [24h, 48h]");
        assertThat(change(done, "FeatureView/worst_routes").action()).isEqualTo(Action.SWITCH);
        assertThat(change(done, "Source/routes_changelog").action()).isEqualTo(Action.CHANGE);
        assertThat(apply("windows: [24h, 48h]").isEmpty()).isTrue();
    }

    @Test
    void aFeatureOfAnotherTypeIsAnotherFeature() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "routes_changelog");
        String old = topic(load("windows: [24h]"));
        apply("windows: [24h]");
        kafka.createTopic(old, 1);
        tell(old, NOON);
        job.acknowledge("origin", old, 1, "worst_routes@1");

        write("windows: [24h]");
        Path routes = folder.resolve("engine/routes.yaml");
        String text = Files.readString(routes);
        Files.writeString(
                routes,
                text.substring(0, text.indexOf("tests:"))
                        .replace("aggregate: mean, of: delay", "aggregate: sum, of: delay"));
        ApplyPlan plan = rollover().plan();

        assertThat(change(plan, "Source/routes_changelog").action()).isEqualTo(Action.HOLD);
        assertThat(change(plan, "Source/routes_changelog").reasons())
                .containsExactly("source column mean_delay_24h: FLOAT64, now INT64: give the upstream's feature another"
                        + " name, the raw table has both");
    }

    private void tell(String topic, long... completeThrough) throws Exception {
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(kafka.config(), Duration.ofSeconds(30), new ByteArraySerializer())) {
            for (long timestamp : completeThrough) {
                producer.send(new ProducerRecord<>(topic, 0, timestamp, "ORD|LAX", new byte[0]))
                        .get();
            }
        }
    }

    private void write(String windows) throws IOException {
        for (String file : List.of("engine/source.yaml", "engine/routes.yaml", "flights/flight.avsc")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(
                    folder.resolve(file),
                    Files.readString(EXAMPLES.resolve(file))
                            .replace("of: delay, windows: [24h]", "of: delay, " + windows));
        }
    }

    private Definitions load(String windows) throws IOException {
        write(windows);
        return Definitions.load(folder.resolve("engine")).orThrow();
    }

    private Rollover rollover() {
        return new Rollover(
                kafka.config(),
                Definitions.load(folder.resolve("engine")).orThrow().toRegistry(),
                () -> 7);
    }

    private ApplyPlan apply(String windows) throws Exception {
        write(windows);
        return rollover().apply(Duration.ZERO, plan -> {});
    }

    private static String topic(Definitions definitions) {
        return definitions.source("routes_changelog").only().topic();
    }

    private static PlannedChange change(ApplyPlan plan, String key) {
        return plan.changes().stream()
                .filter(change -> change.entry().key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private List<String> lineages() throws InterruptedException {
        return ViewLineages.ofSource(new Applier(kafka.config()).inForce(), "routes_changelog").stream()
                .map(lineage -> lineage.id() + " in " + lineage.cohort())
                .toList();
    }
}
