package dev.tidewheel.runtime.kafka;

import java.util.Map;

/**
 * How a topic is created.
 *
 * @param config Kafka's topic properties
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {
    public TopicSpec {
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + " needs at least one partition, not " + partitions);
        }
        config = Map.copyOf(config);
    }
}
