package dev.tidewheel.jobs.log;

import dev.tidewheel.jobs.source.KeptRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What is kept of topics for longer than in Kafka. Travels in the job graph. */
public interface KeptLog extends Serializable {

    /** The first offsets that were kept when the job was built; nothing of partitions of which there was none. */
    Map<TopicPartition, Long> begins();

    /** Those of the partitions that were imported, with the offset after the last record: they are nowhere else. */
    Map<TopicPartition, Long> imports();

    /**
     * Reads one partition as it is kept now.
     *
     * @param from the first offset that is wanted
     */
    Reading read(TopicPartition partition, long from) throws IOException;

    /** Records by ascending offsets, each once. Not thread-safe. */
    interface Reading extends Closeable {
        /** The next record; null after the last. */
        @Nullable
        KeptRecord next() throws IOException;
    }
}
