package dev.tidewheel.runtime.registry;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.kafka.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The registry's topic record by record, with their places: it has one partition, so everybody finds the same record to
 * be the first. What compaction has removed is not there; it removes only what something later replaces.
 */
public final class RegistryLog {
    private RegistryLog() {}

    /**
     * A record of the topic.
     *
     * @param offset its place; places grow with time
     * @param key kind/name
     * @param definition empty where it was removed, or cannot be read by this version
     */
    public record Entry(long offset, String key, Optional<Definition> definition) {}

    /**
     * Reads all that stands there now.
     *
     * @throws dev.tidewheel.runtime.kafka.KafkaUnavailableException if that takes longer than the deadline
     */
    public static List<Entry> read(KafkaConfig kafka, Duration deadline) throws InterruptedException {
        RecordSerde<Definition> serde = RecordSerde.of(Definition.class);
        List<Entry> entries = Collections.synchronizedList(new ArrayList<>());
        try (TopicFollower follower = TopicFollower.start(
                kafka,
                Topics.DEFINITIONS,
                TopicFollower.Start.BEGINNING,
                record -> entries.add(entry(record, serde)))) {
            follower.awaitCaughtUp(deadline);
        }
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }

    private static Entry entry(ConsumerRecord<byte[], byte[]> record, RecordSerde<Definition> serde) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        return new Entry(record.offset(), key, decode(record.value(), serde));
    }

    private static Optional<Definition> decode(byte[] value, RecordSerde<Definition> serde) {
        try {
            return Optional.ofNullable(value).map(serde::decode);
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }
}
