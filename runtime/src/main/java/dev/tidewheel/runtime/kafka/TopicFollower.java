package dev.tidewheel.runtime.kafka;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.ops.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every record of a topic in a thread of its own, outside any consumer group, and hands each to a handler, in the
 * order of each partition.
 *
 * <p>The thread survives what Kafka can do to it: a topic that does not exist yet, brokers that are away. It then tries
 * again, each second, from where it was. A handler must not throw; what it throws is logged as a defect and the follower
 * goes on with the next record. Partitions that are added later are not seen.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final String READING = "reading what is there";
    /** The consumer counts each fetch that was answered, also without records, which happens every half second. */
    private static final String FETCHES = "consumer-fetch-manager-metrics";

    private static final String ANSWERED = "fetch-total";

    /** Where a follower begins. */
    public enum Start {
        /** With the first record kept. */
        BEGINNING,
        /** With the last record of each partition: enough where each record replaces those before. */
        LAST
    }

    /** Called in the follower's thread with keys and values as they came. */
    @FunctionalInterface
    public interface Handler {
        void handle(ConsumerRecord<byte[], byte[]> record);

        /**
         * Called in the follower's thread after each read, also one that brought nothing, from the first on after which all
         * was handled that the topic held at the start; before the follower says so itself.
         */
        default void caughtUp() {}
    }

    private final String topic;
    private final Start start;
    private final Handler handler;
    private final Consumer<byte[], byte[]> consumer;
    private final Metric fetches;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** What stands in the way; null while all is well. */
    private volatile @Nullable String trouble = READING;

    /** When Kafka last answered, by {@link System#nanoTime}; written by the follower's thread. */
    private volatile long heard = System.nanoTime();

    /** How many answers there were by then; of the follower's thread. */
    private double answers;

    private TopicFollower(KafkaConfig kafka, String topic, Start start, Handler handler) {
        this.topic = topic;
        this.start = start;
        this.handler = handler;
        consumer = KafkaClients.bytesConsumer(kafka, DEADLINE);
        fetches = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals(FETCHES)
                        && metric.metricName().name().equals(ANSWERED))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this version of Kafka's consumer has no " + ANSWERED));
        thread = new Thread(this::run, "follow-" + topic);
        thread.setDaemon(true);
    }

    /** Starts to follow. */
    public static TopicFollower start(KafkaConfig kafka, String topic, Start start, Handler handler) {
        TopicFollower follower = new TopicFollower(kafka, topic, start, handler);
        follower.thread.start();
        return follower;
    }

    /**
     * Waits until everything that the topic held when the follower started has been handled.
     *
     * @throws KafkaUnavailableException if that took longer than the deadline, or the follower ended; the message says
     *     what stood in the way
     */
    public void awaitCaughtUp(Duration deadline) throws InterruptedException {
        try {
            caughtUp.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new KafkaUnavailableException(
                    "topic " + topic + " was not read to its end within " + deadline.toMillis() + " ms: " + trouble, e);
        } catch (ExecutionException e) {
            throw new KafkaUnavailableException("topic " + topic + " cannot be followed: " + trouble, e.getCause());
        }
    }

    /** For readiness: up once everything is known that the topic held at the start, and as long as it is followed. */
    public Health health() {
        String reason = trouble;
        if (!thread.isAlive()) {
            return Health.down("topic " + topic + " is no longer followed: " + reason);
        }
        return reason == null ? Health.up("following topic " + topic) : Health.down("topic " + topic + ": " + reason);
    }

    /**
     * How long ago Kafka last answered, with records or without: what was written since may be missing. A consumer does not
     * fail while its brokers are away, so {@link #health} does not say it.
     */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heard);
    }

    /** Stops reading and waits for the thread. */
    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        try {
            thread.join(DEADLINE.plus(RETRY).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            Map<TopicPartition, Long> ends = assign();
            while (!closed()) {
                if (poll() && (caughtUp.isDone() || reached(ends))) {
                    handCaughtUp();
                    trouble = null;
                    caughtUp.complete(null);
                }
            }
            end(new InterruptException("closed"));
        } catch (WakeupException | InterruptException e) {
            end(e);
        } catch (RuntimeException e) {
            LOG.error("following topic {} ended; this process no longer sees its changes", topic, e);
            end(e);
        }
    }

    private void end(RuntimeException reason) {
        trouble = closed() ? "closed" : reason.toString();
        caughtUp.completeExceptionally(reason);
    }

    /** Assigns all partitions and returns their ends. Returns an empty map only when closing. */
    private Map<TopicPartition, Long> assign() {
        while (!closed()) {
            try {
                List<TopicPartition> partitions = consumer.partitionsFor(topic, DEADLINE).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
                if (!partitions.isEmpty()) {
                    consumer.assign(partitions);
                    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, DEADLINE);
                    position(partitions, ends);
                    trouble = READING;
                    return ends;
                }
                pause("the topic does not exist");
            } catch (RetriableException e) {
                pause(e.toString());
            }
        }
        return Map.of();
    }

    private void position(List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, DEADLINE);
        for (TopicPartition partition : partitions) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long last = ends.getOrDefault(partition, 0L) - 1;
            consumer.seek(partition, start == Start.LAST ? Math.max(beginning, last) : beginning);
        }
    }

    /** Whether reading worked. */
    private boolean poll() {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                hand(record);
            }
            listen();
            return true;
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("reading topic {} failed; trying again", topic, e);
            pause(e.toString());
            return false;
        }
    }

    private void listen() {
        double now = (double) fetches.metricValue();
        if (now != answers) {
            answers = now;
            heard = System.nanoTime();
        }
    }

    private void hand(ConsumerRecord<byte[], byte[]> record) {
        try {
            handler.handle(record);
        } catch (RuntimeException e) {
            LOG.error(
                    "a record of topic {} could not be handled (partition {}, offset {})",
                    topic,
                    record.partition(),
                    record.offset(),
                    e);
        }
    }

    private void handCaughtUp() {
        try {
            handler.caughtUp();
        } catch (RuntimeException e) {
            LOG.error("what was read of topic {} could not be handled", topic, e);
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), DEADLINE) >= end.getValue());
    }

    private void pause(String reason) {
        trouble = reason;
        LOG.debug("topic {}: {}", topic, reason);
        try {
            closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }
}
