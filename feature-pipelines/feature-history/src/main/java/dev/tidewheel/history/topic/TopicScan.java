package dev.tidewheel.history.topic;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics whole, as they are now: what is written during the scan is not waited for. Each scan opens a consumer of
 * its own and closes it. Thread-safe.
 */
public final class TopicScan {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConfig kafka;
    private final Duration deadline;

    /**
     * @param deadline within which Kafka must answer, and a scan must come forward
     */
    public TopicScan(KafkaConfig kafka, Duration deadline) {
        this.kafka = kafka;
        this.deadline = deadline;
    }

    /** Takes the records of a topic: those of one partition in their order. */
    @FunctionalInterface
    public interface Visitor<T> {
        void visit(T record) throws InterruptedException;
    }

    /**
     * Shows all records of a topic to a visitor; tombstones are left out.
     *
     * @throws KafkaUnavailableException if nothing came for the deadline; what was visited until then is incomplete
     */
    public <T extends SpecificRecord> void scan(String topic, Class<T> type, Visitor<T> visitor)
            throws InterruptedException {
        try (Consumer<String, T> consumer = KafkaClients.consumer(kafka, deadline, RecordSerde.of(type))) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long last = System.nanoTime();
            while (!isDone(consumer, ends)) {
                ConsumerRecords<String, T> records = consumer.poll(POLL);
                visit(records, ends, visitor);
                last = records.isEmpty() ? last : System.nanoTime();
                if (System.nanoTime() - last > deadline.toNanos()) {
                    throw new KafkaUnavailableException(
                            "nothing came from " + topic + " for " + deadline + " before its end " + ends, null);
                }
            }
        } catch (KafkaException e) {
            throw new KafkaUnavailableException("topic " + topic + " cannot be read from " + kafka.bootstrap(), e);
        }
    }

    /** Per partition the offset after the last record. */
    public Map<Integer, Long> ends(String topic) {
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(kafka, deadline)) {
            Map<Integer, Long> ends = new TreeMap<>();
            consumer.endOffsets(partitions(consumer, topic))
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        } catch (KafkaException e) {
            throw new KafkaUnavailableException("topic " + topic + " cannot be read from " + kafka.bootstrap(), e);
        }
    }

    private static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private static boolean isDone(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static <T> void visit(
            ConsumerRecords<String, T> records, Map<TopicPartition, Long> ends, Visitor<T> visitor)
            throws InterruptedException {
        for (ConsumerRecord<String, T> record : records) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            if (record.value() != null && record.offset() < ends.getOrDefault(partition, 0L)) {
                visitor.visit(record.value());
            }
        }
    }
}
