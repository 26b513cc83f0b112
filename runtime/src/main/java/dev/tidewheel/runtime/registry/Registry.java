package dev.tidewheel.runtime.registry;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import dev.tidewheel.runtime.ops.Health;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The definitions in force: {@code tidewheel.definitions} read to its end, then followed in a thread.
 *
 * <p>Safe for use by many threads. Listeners are called in the follower's thread, after the snapshot has changed, one
 * change at a time in the topic's order; they must be quick and must not throw.
 */
public final class Registry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    /** Told of each change. */
    @FunctionalInterface
    public interface Listener {
        /** @param after all definitions after the change */
        void changed(String key, Map<String, Definition> after);
    }

    private final RecordSerde<Definition> serde = RecordSerde.of(Definition.class);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, Definition> definitions = Map.of();
    private volatile long position;
    private final TopicFollower follower;

    @SuppressWarnings("this-escape") // The follower's thread sees only fields that are set before it.
    private Registry(KafkaConfig kafka) {
        follower = TopicFollower.start(kafka, Topics.DEFINITIONS, TopicFollower.Start.BEGINNING, this::take);
    }

    /** Starts to follow the registry; see {@link #awaitLoaded}. */
    public static Registry follow(KafkaConfig kafka) {
        return new Registry(kafka);
    }

    /** The key of a definition on the topic and in snapshots. */
    public static String key(String kind, String name) {
        return kind + "/" + name;
    }

    /**
     * Waits until all that was published before the start is known.
     *
     * @throws dev.tidewheel.runtime.kafka.KafkaUnavailableException if the deadline passed first, with what stood in the
     *     way; the registry is then closed
     */
    public Registry awaitLoaded(Duration deadline) throws InterruptedException {
        try {
            follower.awaitCaughtUp(deadline);
            return this;
        } catch (InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** For readiness: up once all that was published before the start is known, and as long as changes are followed. */
    public Health health() {
        return follower.health();
    }

    /** How long ago Kafka last answered: a change that is younger may not be known. */
    public Duration silence() {
        return follower.silence();
    }

    /** All definitions by kind/name, sorted; never changes once returned. */
    public Map<String, Definition> snapshot() {
        return definitions;
    }

    /**
     * The offset before which all records of the topic are known. Ask for it before the snapshot: then that holds all of
     * them, and perhaps more.
     */
    public long position() {
        return position;
    }

    public Optional<Definition> find(String kind, String name) {
        return Optional.ofNullable(definitions.get(key(kind, name)));
    }

    /** Adds a listener for changes from now on. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        follower.close();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        apply(record);
        position = record.offset() + 1;
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        Map<String, Definition> next = new TreeMap<>(definitions);
        if (record.value() == null) {
            next.remove(key);
        } else {
            try {
                next.put(key, serde.decode(record.value()));
            } catch (UnreadableRecordException e) {
                LOG.error(
                        "definition {} cannot be read and keeps its former state (offset {})", key, record.offset(), e);
                return;
            }
        }
        definitions = Collections.unmodifiableMap(next);
        listeners.forEach(listener -> listener.changed(key, definitions));
    }
}
