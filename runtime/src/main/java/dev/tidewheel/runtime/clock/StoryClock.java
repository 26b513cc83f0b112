package dev.tidewheel.runtime.clock;

import dev.tidewheel.records.ClockTick;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.ops.Health;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Story time: the newest tick on {@code tidewheel.clock}, followed in a thread. It never goes back, whatever the topic
 * says. Safe for use by many threads.
 */
public final class StoryClock implements Clock, AutoCloseable {
    private static final long NOT_BEGUN = Long.MIN_VALUE;

    private final RecordSerde<ClockTick> serde = RecordSerde.of(ClockTick.class);
    private final Object advanced = new Object();
    private volatile long now = NOT_BEGUN;
    private final TopicFollower follower;

    @SuppressWarnings("this-escape") // The follower's thread sees only fields that are set before it.
    private StoryClock(KafkaConfig kafka) {
        follower = TopicFollower.start(kafka, Topics.CLOCK, TopicFollower.Start.LAST, this::advance);
    }

    /** Starts to follow the clock. */
    public static StoryClock follow(KafkaConfig kafka) {
        return new StoryClock(kafka);
    }

    /**
     * The newest tick.
     *
     * @throws IllegalStateException if there has been none; see {@link #begun()}
     */
    @Override
    public long now() {
        long read = now;
        if (read == NOT_BEGUN) {
            throw new IllegalStateException("story time has not begun: no tick on topic " + Topics.CLOCK);
        }
        return read;
    }

    /** For readiness: up once story time has begun, and as long as it is followed. */
    public Health health() {
        Health following = follower.health();
        return begun() || !following.ok() ? following : Health.down("no tick on topic " + Topics.CLOCK + " yet");
    }

    /** Whether a first tick has come. */
    public boolean begun() {
        return now != NOT_BEGUN;
    }

    /**
     * Waits until story time is at least {@code t}.
     *
     * @param deadline in wall time
     * @return false if the deadline passed first
     */
    public boolean awaitAtLeast(long t, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        synchronized (advanced) {
            while (now < t) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                advanced.wait(left / 1_000_000 + 1);
            }
            return true;
        }
    }

    @Override
    public void close() {
        follower.close();
    }

    private void advance(ConsumerRecord<byte[], byte[]> record) {
        long tick = serde.decode(record.value()).getNow();
        synchronized (advanced) {
            if (tick > now) {
                now = tick;
                advanced.notifyAll();
            }
        }
    }
}
