package dev.tidewheel.monitoring.log;

import dev.tidewheel.runtime.kafka.Topics;
import java.util.Arrays;
import java.util.List;

/** A topic that the job reads. */
public enum Log {
    /** The registry: what is monitored, and how. */
    DEFINITIONS(Topics.DEFINITIONS),
    /** What was asked and answered. */
    INFERENCES(Topics.INFERENCES),
    /** How it turned out. */
    LABELS(Topics.LABELS),
    /** Story time. */
    CLOCK(Topics.CLOCK);

    private final String topic;

    Log(String topic) {
        this.topic = topic;
    }

    /** The topic's name. */
    public String topic() {
        return topic;
    }

    /** The names of all. */
    public static List<String> topics() {
        return Arrays.stream(values()).map(Log::topic).toList();
    }

    /** @throws IllegalArgumentException if the job does not read such a topic */
    public static Log of(String topic) {
        return Arrays.stream(values())
                .filter(log -> log.topic.equals(topic))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not read by this job: " + topic));
    }
}
