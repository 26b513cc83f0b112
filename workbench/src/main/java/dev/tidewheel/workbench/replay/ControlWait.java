package dev.tidewheel.workbench.replay;

import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The barrier of a control tick: the story stands still until monitoring and lifecycle have done all that follows from
 * what was known, trainings and changes of traffic included.
 *
 * <ol>
 *   <li>The monitoring job has published everything that the topics held when the clock was set.
 *   <li>The lifecycle has taken that over into its inbox: its consumer group has committed it.
 *   <li>The tick is in the inbox, and decided. Because the inbox has an order, it is decided after all that came before.
 *   <li>The newest decision says that nothing is under way, nothing waits to be taken over, and every event of the inbox
 *       is decided.
 * </ol>
 *
 * <p>So whatever the machine's speed, the same things are decided at the same story times. For one thread.
 */
public final class ControlWait implements AutoCloseable {
    private static final String SENDER = "replay";
    private static final String MONITORING = "monitoring";
    private static final String STAGE = "monitor";
    private static final Duration KAFKA_DEADLINE = Duration.ofSeconds(120);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final RecordSerde<LifecycleEvent> EVENTS = RecordSerde.of(LifecycleEvent.class);

    /** What monitoring must have seen before the lifecycle decides. */
    private static final List<String> MONITORED =
            List.of(Topics.INFERENCES, Topics.LABELS, Topics.DEFINITIONS, Topics.CLOCK);
    /** What the lifecycle takes over into its inbox. */
    private static final List<String> FORWARDED =
            List.of(Topics.ALERTS, Topics.METRICS, Topics.OBSERVATIONS, Topics.DEFINITIONS);

    private final String model;
    private final String group;
    private final Duration deadline;
    private final Runnable check;
    private final FrontierWait monitoring;
    private final Producer<String, byte[]> producer;
    private final Consumer<byte[], byte[]> ends;
    private final List<TopicPartition> monitored;
    private final List<TopicPartition> forwarded;
    private final DecisionFollower decisions;
    private final Admin admin;

    /**
     * @param model whose lifecycle is waited for
     * @param group the lifecycle's consumer group
     * @param producer of the ticks; the caller closes it
     * @param deadline how long one wait may take without anything being decided, restarts and trainings included
     * @param check throws when waiting longer is of no use
     */
    public ControlWait(
            KafkaConfig kafka,
            String model,
            String group,
            Producer<String, byte[]> producer,
            Duration deadline,
            Runnable check) {
        this.model = model;
        this.group = group;
        this.producer = producer;
        this.deadline = deadline;
        this.check = check;
        this.monitoring = new FrontierWait(
                KafkaClients.bytesConsumer(kafka, KAFKA_DEADLINE),
                Topics.FRONTIERS,
                new FrontierTracker(MONITORING, Set.of(STAGE)),
                deadline,
                check);
        this.ends = KafkaClients.bytesConsumer(kafka, KAFKA_DEADLINE);
        this.monitored = partitions(MONITORED);
        this.forwarded = partitions(FORWARDED);
        // Never polled; but a consumer complains about ends of what it is not assigned to.
        ends.assign(Stream.of(monitored, forwarded, partitions(DecisionFollower.TOPICS))
                .flatMap(List::stream)
                .distinct()
                .toList());
        this.decisions = new DecisionFollower(KafkaClients.bytesConsumer(kafka, KAFKA_DEADLINE), ends, model);
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    /**
     * Returns when everything that follows from what was known at a time is done.
     *
     * @throws ReplayStuckException after the deadline, with what was last seen
     */
    public void await(long now) throws InterruptedException {
        monitoring.await(ends.endOffsets(monitored));
        until("what monitoring found is in the lifecycle's inbox", this::notForwarded);
        String tick = "tick/" + model + "/" + now;
        append(tick, now);
        until("the lifecycle has settled after " + tick, () -> unsettled(tick));
    }

    @Override
    public void close() {
        monitoring.close();
        ends.close();
        decisions.close();
        admin.close(Duration.ofSeconds(5));
    }

    private interface Look {
        /** Empty if reached; else what is missing, for people. */
        Optional<String> missing() throws InterruptedException;
    }

    private void until(String what, Look look) throws InterruptedException {
        long last = System.nanoTime();
        long seen = decisions.count();
        Optional<String> missing = look.missing();
        while (missing.isPresent()) {
            check.run();
            if (decisions.count() > seen) {
                seen = decisions.count();
                last = System.nanoTime();
            }
            if (System.nanoTime() - last > deadline.toNanos()) {
                throw new ReplayStuckException("waited " + deadline.toSeconds() + " s until " + what + ": "
                        + missing.get() + "; last decision: " + decisions.newest());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped while waiting until " + what);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            missing = look.missing();
        }
    }

    private Optional<String> notForwarded() throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        for (Map.Entry<TopicPartition, Long> end : ends.endOffsets(forwarded).entrySet()) {
            @Nullable OffsetAndMetadata offset = committed.get(end.getKey());
            long reached = offset == null ? 0 : offset.offset();
            if (reached < end.getValue()) {
                return Optional.of(
                        group + " has taken over " + end.getKey() + " up to " + reached + " of " + end.getValue());
            }
        }
        return Optional.empty();
    }

    /** Looks first for what takes longest; whatever is settled then can only be disturbed by what is still on its way. */
    private Optional<String> unsettled(String tick) throws InterruptedException {
        Optional<String> undecided = decisions.unsettled(tick);
        if (undecided.isPresent()) {
            return undecided;
        }
        Optional<String> notForwarded = notForwarded();
        return notForwarded.isPresent() ? notForwarded : decisions.unsettled(tick);
    }

    private void append(String id, long now) {
        LifecycleEvent tick = LifecycleEvent.newBuilder()
                .setId(id)
                .setModel(model)
                .setNow(now)
                .setSender(SENDER)
                .setKind(LifecycleEventKind.TICK)
                .build();
        try {
            producer.send(new ProducerRecord<>(Topics.LIFECYCLE_INBOX, model, EVENTS.encode(tick)))
                    .get();
        } catch (ExecutionException e) {
            throw new ReplayStuckException(id + " did not arrive in the inbox: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReplayStuckException("interrupted while sending " + id, e);
        }
    }

    private List<TopicPartition> partitions(List<String> topics) {
        return topics.stream()
                .flatMap(topic -> ends.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException e) {
            return Map.of(); // The group's coordinator may just be coming back; the deadline is the caller's.
        }
    }
}
