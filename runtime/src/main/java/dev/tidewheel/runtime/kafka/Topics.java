package dev.tidewheel.runtime.kafka;

import java.util.List;
import java.util.Map;

/** Tidewheel's own topics. Keys, record types and the reasons for each setting: {@code docs/topics.md}. */
public final class Topics {
    /** The registry: compacted, key kind/name, one partition, so that all readers see one order of changes. */
    public static final String DEFINITIONS = "tidewheel.definitions";

    /** How far each subtask of each feature job has come. */
    public static final String FRONTIERS = "tidewheel.frontiers";

    /** Scored rows, by request id. */
    public static final String INFERENCES = "tidewheel.inferences";

    /** What turned out to be true, by request id: co-partitioned with the inferences. */
    public static final String LABELS = "tidewheel.labels";

    /** Monitoring rows. */
    public static final String METRICS = "tidewheel.metrics";

    /** Judged rules. */
    public static final String ALERTS = "tidewheel.alerts";

    /** All that the lifecycle decides upon, by model. */
    public static final String LIFECYCLE_INBOX = "tidewheel.lifecycle-inbox";

    /** What the lifecycle decided, by model. */
    public static final String LIFECYCLE = "tidewheel.lifecycle";

    /** What should exist in the cluster: compacted, key model/slot. */
    public static final String DESIRED = "tidewheel.desired";

    /** What the cluster agent saw. */
    public static final String OBSERVATIONS = "tidewheel.observations";

    /** Story time: one partition, one writer. */
    public static final String CLOCK = "tidewheel.clock";

    /** Records that could not be used, with the reason. */
    public static final String DEAD_LETTERS = "tidewheel.dead-letters";

    /** What somebody did about dead letters: compacted, by letter. */
    public static final String DEAD_LETTER_MARKS = "tidewheel.dead-letter-marks";

    private static final int PARTITIONS = 4;

    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");
    /** Each letter has a key of its own, so none is lost; a tombstone removes one within a day. */
    private static final Map<String, String> COMPACTED_DAILY =
            Map.of("cleanup.policy", "compact", "max.compaction.lag.ms", "86400000");

    private static final Map<String, String> KEPT = Map.of("cleanup.policy", "delete", "retention.ms", "-1");

    private static final List<TopicSpec> ALL = List.of(
            new TopicSpec(DEFINITIONS, 1, COMPACTED),
            new TopicSpec(FRONTIERS, 1, KEPT),
            new TopicSpec(INFERENCES, PARTITIONS, KEPT),
            new TopicSpec(LABELS, PARTITIONS, KEPT),
            new TopicSpec(METRICS, PARTITIONS, KEPT),
            new TopicSpec(ALERTS, 1, KEPT),
            new TopicSpec(LIFECYCLE_INBOX, PARTITIONS, KEPT),
            new TopicSpec(LIFECYCLE, PARTITIONS, KEPT),
            new TopicSpec(DESIRED, 1, COMPACTED),
            new TopicSpec(OBSERVATIONS, PARTITIONS, KEPT),
            new TopicSpec(CLOCK, 1, KEPT),
            new TopicSpec(DEAD_LETTERS, PARTITIONS, COMPACTED_DAILY),
            new TopicSpec(DEAD_LETTER_MARKS, PARTITIONS, COMPACTED));

    private Topics() {}

    /** How each of Tidewheel's topics is created. */
    public static List<TopicSpec> all() {
        return ALL;
    }

    /**
     * A user's source topic for a replay: records keep the time that the producer gives them, and none is deleted for
     * being old.
     */
    public static TopicSpec replayed(String name, int partitions) {
        return new TopicSpec(
                name,
                partitions,
                Map.of("cleanup.policy", "delete", "retention.ms", "-1", "message.timestamp.type", "CreateTime"));
    }
}
