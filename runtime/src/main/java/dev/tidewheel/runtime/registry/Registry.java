package dev.tidewheel.runtime.registry;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.ops.Health;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The definitions in force: {@code tidewheel.definitions} read to its end, then followed in a thread.
 *
 * <p>Safe for use by many threads. Shows nothing before all is known that was published before the start. Listeners are
 * called in the follower's thread, after the snapshot has changed, once for all that one read has brought; they must be
 * quick and must not throw.
 */
public final class Registry implements AutoCloseable {
    /** Told of changes. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param keys what was published or removed since the last call; at first, all there is
         * @param after all definitions after the changes
         */
        void changed(Set<String> keys, Map<String, Definition> after);
    }

    private final RegistryState state = new RegistryState();
    private final TopicFollower follower;

    private Registry(KafkaConfig kafka) {
        follower = TopicFollower.start(kafka, Topics.DEFINITIONS, TopicFollower.Start.BEGINNING, state);
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

    /**
     * All definitions by kind/name, sorted; never changes once returned. Empty until all is known that was published before
     * the start.
     */
    public Map<String, Definition> snapshot() {
        return state.published();
    }

    /**
     * The offset before which all records of the topic are known. Ask for it before the snapshot: then that holds all of
     * them, and perhaps more.
     */
    public long position() {
        return state.position();
    }

    public Optional<Definition> find(String kind, String name) {
        return Optional.ofNullable(snapshot().get(key(kind, name)));
    }

    /** Adds a listener for changes from now on. */
    public void listen(Listener listener) {
        state.listen(listener);
    }

    @Override
    public void close() {
        follower.close();
    }
}
