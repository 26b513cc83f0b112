package dev.tidewheel.workbench.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Follows the lifecycle's inbox and its decisions from their beginnings: whether every event has been decided, and whether
 * the newest decision leaves nothing under way. For one thread.
 */
final class DecisionFollower implements AutoCloseable {
    /** What is followed. */
    static final List<String> TOPICS = List.of(Topics.LIFECYCLE, Topics.LIFECYCLE_INBOX);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RecordSerde<LifecycleEvent> EVENTS = RecordSerde.of(LifecycleEvent.class);
    private static final RecordSerde<LifecycleDecision> DECISIONS = RecordSerde.of(LifecycleDecision.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Consumer<byte[], byte[]> ends;
    private final String model;
    private final List<TopicPartition> partitions = new ArrayList<>();
    /** By partition of the inbox, the offset of its last event that gets a decision. */
    private final Map<Integer, Long> inbox = new HashMap<>();
    /** By partition of the inbox, the offset of the last event that was decided. */
    private final Map<Integer, Long> decided = new HashMap<>();
    /** Ids of decided ticks. */
    private final Set<String> ticks = new HashSet<>();

    private @Nullable LifecycleDecision newest;
    private long count;

    /**
     * @param consumer of committed records, not assigned yet; closed with this
     * @param ends of committed records too, never polled: on the connection of one that is, a question for the ends
     *     waits behind the fetch that waits for records. The caller closes it
     */
    DecisionFollower(Consumer<byte[], byte[]> consumer, Consumer<byte[], byte[]> ends, String model) {
        this.consumer = consumer;
        this.ends = ends;
        this.model = model;
        for (String topic : TOPICS) {
            consumer.partitionsFor(topic)
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Reads what is there, and tells what is missing for all to be settled; empty if it is.
     *
     * @param tick an event that must be among the decided ones
     */
    Optional<String> unsettled(String tick) {
        if (!read()) {
            return Optional.of("inbox and decisions have not been read to their ends");
        }
        for (Map.Entry<Integer, Long> event : inbox.entrySet()) {
            long reached = decided.getOrDefault(event.getKey(), -1L);
            if (reached < event.getValue()) {
                return Optional.of(
                        "inbox " + event.getKey() + " is decided up to offset " + reached + " of " + event.getValue());
            }
        }
        if (newest == null || !ticks.contains(tick)) {
            return Optional.of(tick + " is not decided");
        }
        return settled(newest) ? Optional.empty() : Optional.of("something is under way: " + newest.getState());
    }

    /** How many decisions have been read. */
    long count() {
        return count;
    }

    /** The newest decision about the model, for people. */
    String newest() {
        return newest == null
                ? "none"
                : newest.getEventId() + ": " + newest.getOutcome() + ", " + newest.getReason() + ", state "
                        + newest.getState();
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** Takes what is there. Returns whether that was all. */
    private boolean read() {
        Map<TopicPartition, Long> there = ends.endOffsets(partitions);
        if (!reached(there)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                take(record);
            }
        }
        return reached(there);
    }

    private boolean reached(Map<TopicPartition, Long> there) {
        return there.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topics.LIFECYCLE_INBOX)) {
            if (getsADecision(record)) {
                inbox.put(record.partition(), record.offset());
            }
            return;
        }
        LifecycleDecision decision = DECISIONS.decode(record.value());
        count++;
        decided.merge(decision.getInboxPartition(), decision.getInboxOffset(), Math::max);
        if (decision.getModel().equals(model)) {
            newest = decision;
            if (decision.getEventId().startsWith("tick/")) {
                ticks.add(decision.getEventId());
            }
        }
    }

    /** As the lifecycle sees it: what cannot be read, or is not keyed by its model, becomes a dead letter. */
    private static boolean getsADecision(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return false;
        }
        try {
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            return key.equals(EVENTS.decode(record.value()).getModel());
        } catch (UnreadableRecordException e) {
            return false;
        }
    }

    private static boolean settled(LifecycleDecision decision) {
        try {
            return JSON.readTree(decision.getState()).path("settled").asBoolean();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the state after " + decision.getEventId() + " is not JSON", e);
        }
    }
}
