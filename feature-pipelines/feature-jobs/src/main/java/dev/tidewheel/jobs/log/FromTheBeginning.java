package dev.tidewheel.jobs.log;

import dev.tidewheel.definitions.Channels;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts at the first record that there is, in Kafka or, if Kafka has lost it, in the raw table; and never anywhere else
 * by itself: a job whose checkpoint names offsets that neither has any more fails. Going on at what is left would leave
 * out records that every later cut claims to contain. Imports are in the table alone.
 */
final class FromTheBeginning implements OffsetsInitializer {
    private static final long serialVersionUID = 2L;

    private final OffsetsInitializer earliest = OffsetsInitializer.earliest();
    private final HashMap<TopicPartition, Long> kept;

    /** @param kept the first offsets in the raw table */
    FromTheBeginning(Map<TopicPartition, Long> kept) {
        this.kept = new HashMap<>(kept);
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        Map<TopicPartition, Long> starts = new HashMap<>(earliest.getPartitionOffsets(partitions, retriever));
        partitions.stream()
                .filter(partition -> Channels.isImport(partition.partition()))
                .forEach(partition -> starts.put(partition, kept.getOrDefault(partition, 0L)));
        List<TopicPartition> ofTopics = partitions.stream()
                .filter(partition -> !Channels.isImport(partition.partition()))
                .toList();
        retriever.beginningOffsets(ofTopics).forEach((partition, inKafka) -> {
            Long inTable = kept.get(partition);
            if (inTable != null && inTable < inKafka) {
                starts.put(partition, inTable);
            }
        });
        return starts;
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }
}
