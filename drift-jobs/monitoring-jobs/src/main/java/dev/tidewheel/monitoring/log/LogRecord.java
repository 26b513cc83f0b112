package dev.tidewheel.monitoring.log;

import org.jspecify.annotations.Nullable;

/**
 * One record of a topic as it travels inside the job: where it stood and its bytes. Flat, for Flink's serialisers.
 *
 * @param log the topic
 * @param partition of the topic
 * @param offset in the partition
 * @param key as it came
 * @param value as it came; null is a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
public record LogRecord(Log log, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {}
