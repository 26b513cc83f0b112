package dev.tidewheel.runtime.registry;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the registry's topic has said so far. Nothing of it is shown before the topic was read to its end, and then only
 * what a whole read has brought: a copy per record would make a start quadratic in the registry's size.
 *
 * <p>Records are handed in by one thread; all else is safe for use by many.
 */
final class RegistryState implements TopicFollower.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryState.class);

    private final RecordSerde<Definition> serde = RecordSerde.of(Definition.class);
    private final List<Registry.Listener> listeners = new CopyOnWriteArrayList<>();

    /** All that was read; of the follower's thread, as are the next two. */
    private final TreeMap<String, Definition> newest = new TreeMap<>();

    private final Set<String> changed = new LinkedHashSet<>();
    private long read;

    private volatile Map<String, Definition> published = Map.of();
    private volatile long position;

    /** See {@link Registry#snapshot}. */
    Map<String, Definition> published() {
        return published;
    }

    /** See {@link Registry#position}. */
    long position() {
        return position;
    }

    void listen(Registry.Listener listener) {
        listeners.add(listener);
    }

    @Override
    public void handle(ConsumerRecord<byte[], byte[]> record) {
        read = record.offset() + 1;
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            newest.remove(key);
        } else {
            try {
                newest.put(key, serde.decode(record.value()));
            } catch (UnreadableRecordException e) {
                LOG.error(
                        "definition {} cannot be read and keeps its former state (offset {})", key, record.offset(), e);
                return;
            }
        }
        changed.add(key);
    }

    @Override
    public void caughtUp() {
        if (changed.isEmpty()) {
            position = read;
            return;
        }
        Map<String, Definition> next = Collections.unmodifiableMap(new TreeMap<>(newest));
        Set<String> keys = Collections.unmodifiableSet(new LinkedHashSet<>(changed));
        changed.clear();
        published = next;
        position = read; // After the snapshot: who has asked for it finds all before it there.
        listeners.forEach(listener -> listener.changed(keys, next));
    }
}
