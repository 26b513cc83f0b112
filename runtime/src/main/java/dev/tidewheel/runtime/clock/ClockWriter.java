package dev.tidewheel.runtime.clock;

import dev.tidewheel.records.ClockTick;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The one writer of story time. A new one goes on where the last one stopped. For one thread. */
public final class ClockWriter implements AutoCloseable {
    private final String name;
    private final Duration deadline;
    private final Producer<String, ClockTick> producer;
    private @Nullable ClockTick last;

    private ClockWriter(KafkaConfig kafka, String name, Duration deadline, @Nullable ClockTick last) {
        this.name = name;
        this.deadline = deadline;
        this.last = last;
        producer = KafkaClients.producer(kafka, deadline, RecordSerde.of(ClockTick.class));
    }

    /**
     * Opens the clock for writing.
     *
     * @param name of the writer, for people who read the topic
     * @throws KafkaUnavailableException if the last tick could not be read within the deadline
     */
    public static ClockWriter open(KafkaConfig kafka, String name, Duration deadline) throws InterruptedException {
        RecordSerde<ClockTick> serde = RecordSerde.of(ClockTick.class);
        AtomicReference<@Nullable ClockTick> last = new AtomicReference<>();
        try (TopicFollower follower = TopicFollower.start(
                kafka, Topics.CLOCK, TopicFollower.Start.LAST, tick -> last.set(serde.decode(tick.value())))) {
            follower.awaitCaughtUp(deadline);
        }
        return new ClockWriter(kafka, name, deadline, last.get());
    }

    /** Where story time stands; empty if it has not begun. */
    public OptionalLong now() {
        return last == null ? OptionalLong.empty() : OptionalLong.of(last.getNow());
    }

    /**
     * Sets story time. Returns when Kafka has confirmed the tick; setting it to where it stands does nothing.
     *
     * @throws IllegalArgumentException if that would be going back
     * @throws KafkaUnavailableException if Kafka did not confirm; doing it again is safe
     */
    public void advanceTo(long now) {
        if (last != null && now <= last.getNow()) {
            if (now == last.getNow()) {
                return;
            }
            throw new IllegalArgumentException(
                    "story time stands at " + last.getNow() + " and never goes back to " + now);
        }
        ClockTick tick = new ClockTick(now, name, last == null ? 1 : last.getTick() + 1);
        send(tick);
        last = tick;
    }

    @Override
    public void close() {
        producer.close(deadline);
    }

    private void send(ClockTick tick) {
        try {
            producer.send(new ProducerRecord<>(Topics.CLOCK, 0, null, tick))
                    .get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaUnavailableException("tick " + tick.getNow() + " was not confirmed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailableException("interrupted while setting story time", e);
        }
    }
}
