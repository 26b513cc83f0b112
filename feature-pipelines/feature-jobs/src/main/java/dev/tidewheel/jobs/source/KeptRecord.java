package dev.tidewheel.jobs.source;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record out of the raw table, in the place where it stood in its topic: what reads records of Kafka takes it as one of
 * them. Its bytes are not there any more, its columns are.
 */
public final class KeptRecord extends ConsumerRecord<byte[], byte[]> {
    private final KeptRow kept;

    /**
     * @param offset in the topic's partition
     * @param timestamp Kafka's, epoch milliseconds
     */
    public KeptRecord(TopicPartition partition, long offset, long timestamp, KeptRow kept) {
        super(
                partition.topic(),
                partition.partition(),
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                NULL_SIZE,
                NULL_SIZE,
                null,
                null,
                new RecordHeaders(),
                Optional.empty());
        this.kept = kept;
    }

    KeptRow kept() {
        return kept;
    }
}
