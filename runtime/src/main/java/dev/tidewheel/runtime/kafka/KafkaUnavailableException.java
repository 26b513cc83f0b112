package dev.tidewheel.runtime.kafka;

import org.jspecify.annotations.Nullable;

/** Kafka did not do in time what was asked. Whether it still will is unknown: asking again must be harmless. */
public final class KafkaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KafkaUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
