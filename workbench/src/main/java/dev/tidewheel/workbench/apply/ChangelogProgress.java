package dev.tidewheel.workbench.apply;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether a changelog that is told anew has come as far as the one before it. Their offsets say nothing of each other; but
 * the Kafka timestamp of a record says up to when its topic is complete. So a lineage that reads the new topic has caught up
 * if that is complete up to where the former was complete at the first look, and the lineage contains all that the topic held
 * when this was seen first. For one thread.
 */
final class ChangelogProgress implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Duration deadline;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, Long> completeThrough = new HashMap<>();
    private final Map<Set<String>, Map<TopicPartition, Long>> goals = new HashMap<>();

    ChangelogProgress(KafkaConfig kafka, Duration deadline) {
        this.deadline = deadline;
        this.consumer = KafkaClients.bytesConsumer(kafka, deadline);
    }

    /** Notes how far a topic is complete, by the last record before an offset. */
    void begin(TopicPartition partition, long before) {
        if (before > 0) {
            completeThrough.merge(partition.topic(), timestamp(partition, before - 1), Math::max);
        }
    }

    private long timestamp(TopicPartition partition, long offset) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        long until = System.nanoTime() + deadline.toNanos();
        while (System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return record.timestamp();
            }
        }
        throw new KafkaUnavailableException("no record came from " + partition + " at " + offset, null);
    }

    /**
     * What a lineage lacks, for people; empty if it has caught up.
     *
     * @param read the topics that it reads
     * @param former the topics of the changelogs that it has to come as far as
     * @param cut what it contains
     */
    Optional<String> behind(Set<String> read, Set<String> former, Map<TopicPartition, Long> cut) {
        // Nothing complete yet is no time to have come to: then it is complete at all, first.
        long through = former.stream()
                .mapToLong(topic -> completeThrough.getOrDefault(topic, 0L))
                .reduce(1, Math::max);
        if (!goals.containsKey(read)) {
            List<TopicPartition> partitions = partitions(read);
            boolean complete = consumer
                    .offsetsForTimes(partitions.stream().collect(Collectors.toMap(Function.identity(), at -> through)))
                    .values()
                    .stream()
                    .anyMatch(Objects::nonNull);
            if (!complete) {
                return Optional.of("its changelog is not complete up to " + Instant.ofEpochMilli(through) + " yet");
            }
            goals.put(read, consumer.endOffsets(partitions));
        }
        return LiveProgress.missing(goals.getOrDefault(read, Map.of()), cut, Set.of())
                .map(missing -> "is " + missing + " records behind its changelog");
    }

    private List<TopicPartition> partitions(Set<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        return partitions;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
