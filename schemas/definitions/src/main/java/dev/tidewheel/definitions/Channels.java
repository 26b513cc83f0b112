package dev.tidewheel.definitions;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Numbers for the partitions of a source's topics: one {@code int} stands for (topic, partition) in jobs and in history. It
 * is the topic's place in the source times 65,536, plus the partition. So a source of one topic has the partitions' own
 * numbers, and a topic that is added behind the others changes none. Immutable and thread-safe.
 *
 * <p>The greatest numbers of partitions are kept for what never was in Kafka: each import of a source's history stands in a
 * partition of its own, see docs/handover.md. No topic has as many partitions.
 *
 * @param topics in the order of the source
 */
public record Channels(List<String> topics) implements Serializable {
    private static final int PARTITION_BITS = 16;
    private static final int MOST_PARTITIONS = 1 << PARTITION_BITS;
    private static final int MOST_IMPORTS = 1 << 10;
    private static final int FIRST_IMPORT = MOST_PARTITIONS - MOST_IMPORTS;
    private static final int MOST_TOPICS = 1 << (Integer.SIZE - 1 - PARTITION_BITS);

    /** @throws IllegalArgumentException if there is no topic, one of them twice, or more than there are numbers for */
    public Channels {
        topics = List.copyOf(topics);
        if (topics.isEmpty() || topics.size() > MOST_TOPICS) {
            throw new IllegalArgumentException("a source has 1 to " + MOST_TOPICS + " topics, got " + topics.size());
        }
        if (topics.stream().distinct().count() < topics.size()) {
            throw new IllegalArgumentException("a source has each topic once, got " + topics);
        }
    }

    /**
     * The partition of an import.
     *
     * @param number of the import, from 0
     * @throws IllegalArgumentException if there are too many
     */
    public static int importPartition(int number) {
        if (number < 0 || number >= MOST_IMPORTS) {
            throw new IllegalArgumentException("a source has at most " + MOST_IMPORTS + " imports");
        }
        return FIRST_IMPORT + number;
    }

    /** Whether a partition is that of an import, which Kafka knows nothing of. */
    public static boolean isImport(int partition) {
        return partition >= FIRST_IMPORT && partition < MOST_PARTITIONS;
    }

    /** The number of the import that stands in a partition: the reverse of {@link #importPartition}. */
    public static int importNumber(int partition) {
        return partition - FIRST_IMPORT;
    }

    /** Those of a source of one topic. */
    public static Channels of(String topic) {
        return new Channels(List.of(topic));
    }

    /**
     * The channel of a partition.
     *
     * @throws IllegalArgumentException if the topic is not among these, or the partition's number is beyond what a source of
     *     several topics has room for
     */
    public int channel(String topic, int partition) {
        int place = topics.indexOf(topic);
        if (place < 0) {
            throw new IllegalArgumentException("topic '" + topic + "' is none of " + topics);
        }
        return channel(place, partition);
    }

    /**
     * The channel of a partition.
     *
     * @param place of the topic, from 0
     */
    public int channel(int place, int partition) {
        if (topics.size() == 1) {
            return partition;
        }
        if (partition >= MOST_PARTITIONS) {
            throw new IllegalArgumentException("topic '" + topics.get(place) + "' has a partition " + partition
                    + "; of several topics each has at most " + MOST_PARTITIONS + " partitions");
        }
        return (place << PARTITION_BITS) + partition;
    }

    /** Which of the topics a channel belongs to, from 0. */
    public int place(int channel) {
        return topics.size() == 1 ? 0 : channel >>> PARTITION_BITS;
    }

    /** The topic of a channel. */
    public String topic(int channel) {
        return topics.get(place(channel));
    }

    /** The partition of a channel. */
    public int partition(int channel) {
        return topics.size() == 1 ? channel : channel & (MOST_PARTITIONS - 1);
    }

    /** For people and metrics: the partition's number; of several topics, {@code topic-partition}. */
    public String name(int channel) {
        String partition = Integer.toString(partition(channel));
        return topics.size() == 1 ? partition : topic(channel) + "-" + partition;
    }

    /** What is known by channel, by topic and partition. */
    public <T> Map<String, Map<Integer, T>> byTopic(Map<Integer, T> byChannel) {
        Map<String, Map<Integer, T>> byTopic = new TreeMap<>();
        byChannel.forEach((channel, value) -> byTopic.computeIfAbsent(topic(channel), unseen -> new TreeMap<>())
                .put(partition(channel), value));
        return byTopic;
    }
}
