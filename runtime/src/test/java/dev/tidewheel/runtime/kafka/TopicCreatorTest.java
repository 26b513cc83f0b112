package dev.tidewheel.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TopicCreatorTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    private final TopicCreator creator = new TopicCreator(KAFKA.config(), DEADLINE);

    @Test
    void createsOurTopicsOnce() throws Exception {
        creator.ensure(Topics.all());
        creator.ensure(Topics.all());
        ConfigResource registry = new ConfigResource(ConfigResource.Type.TOPIC, Topics.DEFINITIONS);
        try (Admin admin = Admin.create(KafkaClients.common(KAFKA.config(), DEADLINE))) {
            assertThat(admin.listTopics().names().get())
                    .containsAll(Topics.all().stream().map(TopicSpec::name).toList());
            assertThat(admin.describeConfigs(Set.of(registry))
                            .all()
                            .get()
                            .get(registry)
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("compact");
        }
    }

    @Test
    void refusesOtherPartitions() {
        creator.ensure(List.of(new TopicSpec("grown", 2, Map.of())));
        assertThatThrownBy(() -> creator.ensure(List.of(new TopicSpec("grown", 3, Map.of()))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("grown has 2 partitions, but 3");
    }

    @Test
    void replayedTopicsKeepOldRecordsAndTheirTime() throws Exception {
        creator.ensure(List.of(Topics.replayed("old", 1)));
        long then = 981_000_000_000L;
        try (var producer = KafkaClients.producer(KAFKA.config(), DEADLINE, new StringSerializer());
                var consumer = KafkaClients.consumer(KAFKA.config(), DEADLINE, new StringDeserializer())) {
            producer.send(new ProducerRecord<>("old", 0, then, "key", "value")).get();
            var partition = new org.apache.kafka.common.TopicPartition("old", 0);
            consumer.assign(List.of(partition));
            assertThat(consumer.poll(DEADLINE).records(partition))
                    .singleElement()
                    .satisfies(record -> assertThat(record.timestamp()).isEqualTo(then));
        }
    }

    @Test
    void saysThatNobodyAnswers() {
        assertThatThrownBy(() ->
                        new TopicCreator(new KafkaConfig("127.0.0.1:1"), Duration.ofMillis(300)).ensure(Topics.all()))
                .isInstanceOf(KafkaUnavailableException.class)
                .hasMessageContaining("127.0.0.1:1");
    }
}
