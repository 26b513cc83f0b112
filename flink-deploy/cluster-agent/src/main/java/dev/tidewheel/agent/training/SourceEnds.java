package dev.tidewheel.agent.training;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** How far a topic goes right now. Thread-safe. */
@FunctionalInterface
interface SourceEnds {
    /** Per partition the offset after the last record. */
    Map<Integer, Long> of(String topic);

    /** Asks Kafka. */
    static SourceEnds ofKafka(KafkaConfig kafka, Duration deadline) {
        return topic -> {
            try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(kafka, deadline)) {
                List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
                // Never polled; but a consumer complains about ends of what it is not assigned to.
                consumer.assign(partitions);
                Map<Integer, Long> ends = new TreeMap<>();
                consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
                return ends;
            } catch (KafkaException e) {
                throw new KafkaUnavailableException("the end of topic " + topic + " is not known", e);
            }
        };
    }
}
