package dev.tidewheel.runtime.kafka;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** How existing topics forget, and a way to make them. Opens a connection per call; safe for use by many threads. */
public final class TopicSettings {
    private final KafkaConfig kafka;
    private final Duration deadline;

    /** @param deadline for each answer */
    public TopicSettings(KafkaConfig kafka, Duration deadline) {
        this.kafka = kafka;
        this.deadline = deadline;
    }

    /** Whether the topic is there. */
    public boolean exists(String topic) {
        return ask(admin -> admin.listTopics().names(), "list the topics").contains(topic);
    }

    /**
     * How far each partition that has records is written.
     *
     * @return partition to the offset behind its last record; empty if the topic is not there
     */
    public Map<Integer, Long> ends(String topic) {
        if (!exists(topic)) {
            return Map.of();
        }
        TopicDescription description = Objects.requireNonNull(
                ask(admin -> admin.describeTopics(List.of(topic)).allTopicNames(), "describe " + topic)
                        .get(topic));
        Map<Integer, Long> first = offsets(description, OffsetSpec.earliest());
        Map<Integer, Long> ends = new TreeMap<>(offsets(description, OffsetSpec.latest()));
        ends.entrySet().removeIf(end -> end.getValue().equals(first.get(end.getKey())));
        return ends;
    }

    private Map<Integer, Long> offsets(TopicDescription topic, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        topic.partitions()
                .forEach(partition -> asked.put(new TopicPartition(topic.name(), partition.partition()), which));
        Map<Integer, Long> offsets = new HashMap<>();
        ask(admin -> admin.listOffsets(asked).all(), "list offsets of " + topic.name())
                .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        return offsets;
    }

    /** Whether a record goes when a later one has its key. */
    public boolean isCompacted(String topic) {
        return cleanup(config(topic)).contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /** How long a record is kept at least; empty if for ever, or until one has its key. */
    public Optional<Duration> retention(String topic) {
        Config config = config(topic);
        long millis = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG));
        return cleanup(config).contains(TopicConfig.CLEANUP_POLICY_DELETE) && millis >= 0
                ? Optional.of(Duration.ofMillis(millis))
                : Optional.empty();
    }

    /**
     * Deletes records of a topic that is not only compacted. The broker removes their bytes with the segments that have
     * nothing else, which a segment that is still written to never is.
     *
     * @param last partition to the offset of the last record that goes, with all before it
     * @throws KafkaUnavailableException if the broker refuses or does not answer
     */
    public void deleteThrough(String topic, Map<Integer, Long> last) {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        last.forEach((partition, offset) ->
                before.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset + 1)));
        var unused = ask(admin -> admin.deleteRecords(before).all(), "delete records of " + topic);
    }

    private Config config(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return Objects.requireNonNull(
                ask(admin -> admin.describeConfigs(List.of(resource)).all(), "describe " + topic)
                        .get(resource));
    }

    private static String cleanup(Config config) {
        return value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
    }

    private static String value(Config config, String name) {
        return config.get(name).value();
    }

    private <T> T ask(Function<Admin, KafkaFuture<T>> question, String what) {
        try (Admin admin = Admin.create(KafkaClients.common(kafka, deadline))) {
            return question.apply(admin).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaUnavailableException("cannot " + what + " at " + kafka.bootstrap(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaUnavailableException(
                    "no answer from Kafka at " + kafka.bootstrap() + " within " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
        }
    }
}
