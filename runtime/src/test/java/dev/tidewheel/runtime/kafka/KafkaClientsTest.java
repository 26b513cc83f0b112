package dev.tidewheel.runtime.kafka;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaClientsTest {
    /** Shorter than Kafka's own patience with a close, half a minute. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @Test
    void closingAConsumerDoesNotWaitForRecords() throws Exception {
        KAFKA.createTopic("silent", 1);
        KafkaConfig patient = new KafkaConfig(KAFKA.bootstrap(), Map.of("fetch.max.wait.ms", "600000"));
        Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(patient, DEADLINE);
        consumer.assign(List.of(new TopicPartition("silent", 0)));
        consumer.position(new TopicPartition("silent", 0));
        consumer.poll(Duration.ofMillis(100)); // Sends the fetch that nobody will answer.

        CompletableFuture.runAsync(consumer::close).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }
}
