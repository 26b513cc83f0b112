package dev.tidewheel.workbench.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryBrokerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long IN_2001 = Instant.parse("2001-02-01T08:00:00Z").toEpochMilli();

    @Test
    void recordsOfTheStoryKeepTheirTimeOverARestart(@TempDir Path folder) throws Exception {
        BrokerConfig config = new BrokerConfig(
                folder.resolve("kafka"), "127.0.0.1", freePort(), freePort(), new OpsConfig("127.0.0.1", 0));
        KafkaConfig kafka = new KafkaConfig("127.0.0.1:" + config.port());
        try (StoryBroker broker = StoryBroker.start(config)) {
            new TopicCreator(kafka, DEADLINE).ensure(List.of(Topics.replayed("flights", 1)));
            send(kafka, "flights");
            assertThat(broker).isNotNull();
        }
        try (StoryBroker again = StoryBroker.start(config)) {
            assertThat(again).isNotNull();
            assertThat(first(kafka, "flights").timestamp()).isEqualTo(IN_2001);
        }
    }

    private static void send(KafkaConfig kafka, String topic) throws Exception {
        try (Producer<String, byte[]> producer = KafkaClients.producer(kafka, DEADLINE, new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, IN_2001, null, new byte[] {1}))
                    .get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static ConsumerRecord<String, byte[]> first(KafkaConfig kafka, String topic) {
        try (Consumer<String, byte[]> consumer = KafkaClients.consumer(kafka, DEADLINE, new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(DEADLINE).records(partition).get(0);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
