package dev.tidewheel.lifecycle.replay;

import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition from its beginning to what was committed when the reading began, record by record. For one thread.
 */
final class PartitionReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Duration deadline;
    private final long end;
    private final Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();

    PartitionReader(ReplayConfig config, TopicPartition partition) {
        this.partition = partition;
        deadline = config.deadline();
        consumer = KafkaClients.bytesConsumer(config.kafka(), deadline);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
        end = Objects.requireNonNull(ends.get(partition));
    }

    /**
     * The next record; empty after the last.
     *
     * @throws KafkaUnavailableException if Kafka gave nothing new within the deadline
     */
    Optional<ConsumerRecord<byte[], byte[]>> next() {
        long give = System.nanoTime() + deadline.toNanos();
        while (polled.isEmpty() && consumer.position(partition) < end) {
            long before = consumer.position(partition);
            consumer.poll(POLL).forEach(polled::add);
            if (consumer.position(partition) == before && System.nanoTime() > give) {
                throw new KafkaUnavailableException(
                        partition + " gives nothing beyond " + before + ", but ends at " + end,
                        new IllegalStateException("deadline of " + deadline + " passed"));
            }
        }
        return Optional.ofNullable(polled.poll()).filter(record -> record.offset() < end);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
