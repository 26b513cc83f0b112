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

    /** Shows all records of a topic, as it is now, to a visitor; see {@link #scan(String, Class, Map, Visitor)}. */
    public <T extends SpecificRecord> void scan(String topic, Class<T> type, Visitor<T> visitor)
            throws InterruptedException {
        scan(topic, type, ends(topic), visitor);
    }

    /**
     * Shows the records of a topic before some offsets to a visitor; tombstones are left out.
     *
     * @param ends per partition the first offset that is not shown, as {@link #ends} gave it
     * @throws KafkaUnavailableException if nothing came for the deadline; what was visited until then is incomplete
     */
    public <T extends SpecificRecord> void scan(
            String topic, Class<T> type, Map<Integer, Long> ends, Visitor<T> visitor) throws InterruptedException {
        try (Consumer<String, T> consumer = KafkaClients.consumer(kafka, deadline, RecordSerde.of(type))) {
            List<TopicPartition> partitions = ends.keySet().stream()
                    .map(partition -> new TopicPartition(topic, partition))
                    .toList();
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

    private static boolean isDone(Consumer<?, ?> consumer, Map<Integer, Long> ends) {
        return consumer.assignment().stream()
                .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition.partition(), 0L));
    }

    private static <T> void visit(ConsumerRecords<String, T> records, Map<Integer, Long> ends, Visitor<T> visitor)
            throws InterruptedException {
        for (ConsumerRecord<String, T> record : records) {
            if (record.value() != null && record.offset() < ends.getOrDefault(record.partition(), 0L)) {
                visitor.visit(record.value());
            }
        }
    }
}
