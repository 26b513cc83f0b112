package dev.tidewheel.jobs.source;

import java.util.Collection;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts at the earliest records, and never anywhere else by itself: a job whose checkpoint names offsets that Kafka has
 * deleted meanwhile fails. Going on at what is left would leave out records that every later cut claims to contain.
 */
public final class FromTheBeginning implements OffsetsInitializer {
    private static final long serialVersionUID = 1L;

    private final OffsetsInitializer earliest = OffsetsInitializer.earliest();

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        return earliest.getPartitionOffsets(partitions, retriever);
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }
}
