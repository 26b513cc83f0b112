package dev.tidewheel.runtime.registry;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Publishes definitions to the registry. Publishing what is in force already writes nothing, so a whole set can be applied
 * again after a failure. For one thread; two publishers at once may overwrite each other's, the last one wins. Who must
 * not overwrite appends, and looks into the {@link RegistryLog} who came first.
 */
public final class RegistryPublisher implements AutoCloseable {
    private final Producer<String, Definition> producer;
    private final Duration deadline;

    public RegistryPublisher(KafkaConfig kafka, Duration deadline) {
        this.deadline = deadline;
        producer = KafkaClients.producer(kafka, deadline, RecordSerde.of(Definition.class));
    }

    /**
     * Publishes a definition unless the one in force has the same hash and lineage. Returns when Kafka has confirmed it.
     *
     * @param inForce a snapshot of the registry
     * @return whether it was written
     * @throws KafkaUnavailableException if Kafka did not confirm; try again
     */
    public boolean publish(Definition definition, Map<String, Definition> inForce) {
        String key = Registry.key(definition.getKind(), definition.getName());
        Definition current = inForce.get(key);
        if (current != null
                && current.getHash().equals(definition.getHash())
                && current.getLineage() == definition.getLineage()) {
            return false;
        }
        send(key, definition);
        return true;
    }

    /**
     * Publishes a definition whatever is in force. Returns when Kafka has confirmed it.
     *
     * @return its place in the topic, see {@link RegistryLog}
     * @throws KafkaUnavailableException if Kafka did not confirm
     */
    public long append(Definition definition) {
        return send(Registry.key(definition.getKind(), definition.getName()), definition);
    }

    /** Removes a definition. Removing what is not there is harmless. */
    public void remove(String kind, String name) {
        send(Registry.key(kind, name), null);
    }

    @Override
    public void close() {
        producer.close(deadline);
    }

    private long send(String key, @Nullable Definition definition) {
        try {
            return producer.send(new ProducerRecord<>(Topics.DEFINITIONS, key, definition))
                    .get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS)
                    .offset();
        } catch (ExecutionException e) {
            throw new KafkaUnavailableException("definition " + key + " was not published", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaUnavailableException("definition " + key + " was not confirmed in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailableException("interrupted while publishing definition " + key, e);
        }
    }
}
