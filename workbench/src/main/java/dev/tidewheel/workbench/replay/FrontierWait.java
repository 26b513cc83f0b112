package dev.tidewheel.workbench.replay;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.runtime.kafka.RecordSerde;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Waits on the topic of frontiers until a job has acknowledged what was sent. For one thread. */
public final class FrontierWait implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final RecordSerde<Frontier> FRONTIERS = RecordSerde.of(Frontier.class);

    private final Consumer<byte[], byte[]> consumer;
    private final FrontierTracker tracker;
    private final Duration deadline;
    private final Runnable check;
    private long keysWritten;

    /**
     * @param consumer not assigned yet; closed with this
     * @param topic of frontiers; read from its beginning
     * @param deadline how long one wait may take, restarts of the job included
     * @param check throws when waiting longer is of no use
     */
    public FrontierWait(
            Consumer<byte[], byte[]> consumer,
            String topic,
            FrontierTracker tracker,
            Duration deadline,
            Runnable check) {
        this.consumer = consumer;
        this.tracker = tracker;
        this.deadline = deadline;
        this.check = check;
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Returns when everything before these offsets is acknowledged.
     *
     * @throws ReplayStuckException after the deadline, with what was last seen
     */
    public void await(Map<TopicPartition, Long> sent) {
        long end = System.nanoTime() + deadline.toNanos();
        Optional<String> missing = tracker.missing(sent);
        while (missing.isPresent()) {
            check.run();
            if (System.nanoTime() > end) {
                throw new ReplayStuckException(tracker.job() + " has not acknowledged what was sent within "
                        + deadline.toSeconds() + " s: " + missing.get());
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Frontier frontier = FRONTIERS.decode(record.value());
                keysWritten += frontier.getKeysWritten();
                tracker.accept(frontier);
            }
            missing = tracker.missing(sent);
        }
    }

    /** How many states the job said it wrote, over all its attempts. */
    public long keysWritten() {
        return keysWritten;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
