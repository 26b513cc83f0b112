package dev.tidewheel.agent.reconcile;

import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.runtime.clock.Clock;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What was reported of every slot, and the way to report more. Only changes are written, with a sequence that begins at 1
 * for each generation of a slot. An agent that starts reads the topic to its end first: its sequence goes on where the one
 * before it stopped, and what was reported already is not repeated. For one thread.
 */
public final class Observations implements AutoCloseable {
    private static final Observed UNCONFIRMED = Observed.of(ObservedPhase.OTHER, "not confirmed");
    private static final Last NEVER = new Last(Long.MIN_VALUE, 0, UNCONFIRMED);

    private final Clock clock;
    private final String agent;
    private final Duration deadline;
    private final Producer<String, Observation> producer;
    private final Map<String, Last> newest;

    private record Last(long generation, long sequence, Observed observed) {
        boolean isBefore(Last that) {
            return generation != that.generation ? generation < that.generation : sequence < that.sequence;
        }
    }

    private Observations(Clock clock, String agent, KafkaConfig kafka, Duration deadline, Map<String, Last> newest) {
        this.clock = clock;
        this.agent = agent;
        this.deadline = deadline;
        this.newest = newest;
        this.producer = KafkaClients.producer(kafka, deadline, RecordSerde.of(Observation.class));
    }

    /**
     * Reads what was reported.
     *
     * @param clock dates observations
     * @param agent the name in them
     * @param deadline of one report, and of reading
     * @throws KafkaUnavailableException if the topic was not read in time
     */
    public static Observations load(Clock clock, String agent, KafkaConfig kafka, Duration deadline)
            throws InterruptedException {
        RecordSerde<Observation> serde = RecordSerde.of(Observation.class);
        Map<String, Last> newest = new ConcurrentHashMap<>();
        try (TopicFollower follower = TopicFollower.start(
                kafka, Topics.OBSERVATIONS, TopicFollower.Start.BEGINNING, record -> take(record, serde, newest))) {
            follower.awaitCaughtUp(deadline);
        }
        return new Observations(clock, agent, kafka, deadline, new HashMap<>(newest));
    }

    /** What was last reported of this generation of a slot. */
    public Optional<Observed> reported(Wanted wanted) {
        return Optional.ofNullable(newest.get(wanted.key()))
                .filter(last -> last.generation == wanted.generation())
                .map(Last::observed);
    }

    /**
     * Reports what is seen, if that is new. Returns when Kafka has confirmed it.
     *
     * @return whether something was written
     * @throws KafkaUnavailableException if it was not confirmed; it may be written all the same, so its sequence is not
     *     used again
     */
    public boolean report(Wanted wanted, Observed observed) throws InterruptedException {
        Last last = newest.getOrDefault(wanted.key(), NEVER);
        if (last.generation > wanted.generation()) {
            return false;
        }
        boolean same = last.generation == wanted.generation();
        if (same && last.observed.equals(observed)) {
            return false;
        }
        Last next = new Last(wanted.generation(), same ? last.sequence + 1 : 1, observed);
        newest.put(wanted.key(), new Last(next.generation, next.sequence, UNCONFIRMED));
        send(wanted, next);
        newest.put(wanted.key(), next);
        return true;
    }

    @Override
    public void close() {
        producer.close(deadline);
    }

    private void send(Wanted wanted, Last next) throws InterruptedException {
        Observation record = Observation.newBuilder()
                .setModel(wanted.model())
                .setSlot(wanted.slot())
                .setGeneration(next.generation)
                .setSequence(next.sequence)
                .setAgent(agent)
                .setPhase(next.observed.phase())
                .setReason(next.observed.reason())
                .setOutputs(next.observed.outputs())
                .setObservedAt(clock.now())
                .build();
        try {
            producer.send(new ProducerRecord<>(Topics.OBSERVATIONS, wanted.key(), record))
                    .get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaUnavailableException("the observation of " + wanted.key() + " was not sent", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaUnavailableException("the observation of " + wanted.key() + " was not confirmed", e);
        }
    }

    private static void take(
            ConsumerRecord<byte[], byte[]> record, RecordSerde<Observation> serde, Map<String, Last> newest) {
        Observation seen = serde.decode(record.value());
        Last last = new Last(
                seen.getGeneration(),
                seen.getSequence(),
                new Observed(seen.getPhase(), seen.getReason(), seen.getOutputs()));
        newest.merge(seen.getModel() + "/" + seen.getSlot(), last, (held, came) -> held.isBefore(came) ? came : held);
    }
}
