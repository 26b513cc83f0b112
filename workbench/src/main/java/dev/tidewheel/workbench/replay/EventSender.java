package dev.tidewheel.workbench.replay;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends a story's events to its topic, each exactly once over any number of starts: the n-th event of a partition is
 * always the same, so the topic's own ends tell what is there already. For one thread.
 */
public final class EventSender {
    private final Outbox outbox;
    private final Story story;
    private final String topic;
    private final int partitions;
    /** How many events the topic held when this sender began, by partition. */
    private final Map<TopicPartition, Long> present;

    private final Map<TopicPartition, Long> sent = new HashMap<>();
    private int next;

    /**
     * @param present the topic's end offsets now
     */
    public EventSender(Outbox outbox, Story story, String topic, Map<TopicPartition, Long> present) {
        this.outbox = outbox;
        this.story = story;
        this.topic = topic;
        this.partitions = present.size();
        this.present = Map.copyOf(present);
    }

    /** Sends all events before {@code to} that have not been sent. Returns before they have arrived. */
    public void sendUpTo(int to) {
        for (; next < to; next++) {
            TopicPartition partition = new TopicPartition(topic, story.partition(next, partitions));
            long offset = sent.merge(partition, 1L, Long::sum) - 1;
            if (offset >= present.getOrDefault(partition, 0L)) {
                outbox.send(new ProducerRecord<>(
                        topic, partition.partition(), story.knownTime(next), null, story.value(next)));
            }
        }
    }

    /** The next offset of each partition, once everything has arrived. */
    public Map<TopicPartition, Long> sent() {
        return sent;
    }
}
