package dev.tidewheel.agent.desired;

import dev.tidewheel.records.Desired;
import dev.tidewheel.records.DesiredState;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import dev.tidewheel.runtime.ops.Health;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code tidewheel.desired}, read to its end and then followed in a thread. Safe for use by many threads.
 *
 * <p>Kafka's tombstones are ignored: what is done with stays as CANCELLED.
 */
public final class DesiredFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DesiredFollower.class);

    private final RecordSerde<Desired> serde = RecordSerde.of(Desired.class);
    private final Generations generations = new Generations();
    private final TopicFollower follower;

    @SuppressWarnings("this-escape") // The follower's thread sees only fields that are set before it.
    private DesiredFollower(KafkaConfig kafka) {
        follower = TopicFollower.start(kafka, Topics.DESIRED, TopicFollower.Start.BEGINNING, this::take);
    }

    /** Starts to follow; see {@link #awaitLoaded}. */
    public static DesiredFollower follow(KafkaConfig kafka) {
        return new DesiredFollower(kafka);
    }

    /**
     * Waits until all that was desired at the start is known: acting on the first half of a topic would start what its
     * second half cancels.
     *
     * @throws dev.tidewheel.runtime.kafka.KafkaUnavailableException if the deadline passed first
     */
    public void awaitLoaded(Duration deadline) throws InterruptedException {
        follower.awaitCaughtUp(deadline);
    }

    /** All slots, by key. */
    public List<Wanted> all() {
        return generations.all();
    }

    /** For readiness. */
    public Health health() {
        return follower.health();
    }

    @Override
    public void close() {
        follower.close();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            Desired desired = serde.decode(record.value());
            if (desired.getState() == DesiredState.OTHER) {
                LOG.error("slot {} has a state that this agent does not know; upgrade the agent", desired.getSlot());
                return;
            }
            Wanted wanted = wanted(desired);
            if (generations.take(wanted) == Generations.Taken.STALE) {
                LOG.warn(
                        "refused generation {} of {} at offset {}: something newer is desired",
                        wanted.generation(),
                        wanted.key(),
                        record.offset());
            }
        } catch (UnreadableRecordException e) {
            LOG.error("a desired record cannot be read and is left out (offset {})", record.offset(), e);
        }
    }

    private static Wanted wanted(Desired desired) {
        return new Wanted(
                desired.getModel(),
                desired.getSlot(),
                desired.getGeneration(),
                desired.getState() == DesiredState.PRESENT ? Wanted.State.PRESENT : Wanted.State.CANCELLED,
                desired.getKind(),
                desired.getSpec(),
                desired.getSpecHash());
    }
}
