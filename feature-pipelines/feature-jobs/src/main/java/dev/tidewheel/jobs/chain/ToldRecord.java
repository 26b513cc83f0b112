package dev.tidewheel.jobs.chain;

import java.util.Objects;

/**
 * A record of a changelog on its way to its topic, flat for Flink's serialisers. What the Kafka record's timestamp will be
 * is the stream record's.
 *
 * @param key the upstream's key, by which the topic is partitioned
 * @param value plain Avro
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way to a topic, never compared.
public record ToldRecord(String key, byte[] value) {
    public ToldRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
    }
}
