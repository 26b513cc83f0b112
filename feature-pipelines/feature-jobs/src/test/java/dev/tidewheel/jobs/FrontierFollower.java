package dev.tidewheel.jobs;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the topic of frontiers as the driver of a replay does. */
public final class FrontierFollower implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final TopicPartition TOPIC = new TopicPartition(Topics.FRONTIERS, 0);

    private final Consumer<String, Frontier> consumer;
    private final String job;
    private final Channels channels;
    private final Map<String, Frontier> newest = new TreeMap<>();
    private final List<Frontier> all = new ArrayList<>();

    /** Of a source of one topic, whatever that is called. */
    public FrontierFollower(KafkaConfig kafka, String job) {
        this(kafka, job, Channels.of(job));
    }

    FrontierFollower(KafkaConfig kafka, String job, Channels channels) {
        this.job = job;
        this.channels = channels;
        consumer = KafkaClients.consumer(kafka, DEADLINE, RecordSerde.of(Frontier.class));
        consumer.assign(List.of(TOPIC));
        consumer.seekToBeginning(List.of(TOPIC));
    }

    /**
     * Waits until all subtasks of the stages, in their newest attempt, have acknowledged the offsets, by channel. The newest
     * that has said that it begins: a subtask that has died, or was taken along, and has not begun anew yet counts by its
     * former one. Where tasks die, see {@link Savepoints#take}.
     */
    public void await(List<String> stages, int parallelism, Map<Integer, Long> nextOffsets, long newerThanAttempt) {
        readToEnd();
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (!covered(stages, parallelism, nextOffsets, newerThanAttempt)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not acknowledged within " + DEADLINE + ": " + nextOffsets
                        + " newer than attempt " + newerThanAttempt + "; newest are " + newest);
            }
            poll();
        }
    }

    /** What is in the topic now, so that nobody is taken for what it was. */
    private void readToEnd() {
        long end = consumer.endOffsets(List.of(TOPIC)).get(TOPIC);
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (consumer.position(TOPIC) < end) {
            if (System.nanoTime() > until) {
                throw new AssertionError(
                        TOPIC + " is read up to " + consumer.position(TOPIC) + " of " + end + " within " + DEADLINE);
            }
            poll();
        }
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(50)).forEach(record -> take(record.value()));
    }

    private void take(Frontier frontier) {
        if (!frontier.getJob().equals(job)) {
            return;
        }
        all.add(frontier);
        if (frontier.getPhase() == FrontierPhase.ACKNOWLEDGED) {
            newest.merge(
                    frontier.getStage() + "/" + frontier.getSubtask(),
                    frontier,
                    (before, now) -> now.getAttempt() >= before.getAttempt() ? now : before);
        }
    }

    private boolean covered(List<String> stages, int parallelism, Map<Integer, Long> wanted, long newerThan) {
        for (String stage : stages) {
            for (int subtask = 0; subtask < parallelism; subtask++) {
                Frontier frontier = newest.get(stage + "/" + subtask);
                if (frontier == null || frontier.getAttempt() <= newerThan || !covers(frontier, wanted)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean covers(Frontier frontier, Map<Integer, Long> wanted) {
        Map<Integer, Long> has = new HashMap<>();
        for (PartitionFrontier partition : frontier.getPartitions()) {
            int channel = channels.topics().size() == 1
                    ? partition.getPartition()
                    : channels.channel(partition.getTopic(), partition.getPartition());
            has.put(channel, partition.getNextOffset());
        }
        return wanted.entrySet().stream().allMatch(want -> has.getOrDefault(want.getKey(), 0L) >= want.getValue());
    }

    /** The greatest attempt so far. */
    public long newestAttempt() {
        readToEnd();
        return all.stream().mapToLong(Frontier::getAttempt).max().orElse(0);
    }

    /** Everything read so far, in order. */
    List<Frontier> all() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
