package dev.tidewheel.history.source;

import java.util.Objects;

/**
 * Where a record stands.
 *
 * @param topic the Kafka topic, or the name of the file that the row was read from
 * @param partition the topic's partition; 0 for a file
 * @param offset the offset in the partition, or the row's number in the file, from 0
 */
public record Position(String topic, int partition, long offset) {
    public Position {
        Objects.requireNonNull(topic, "topic");
    }
}
