package dev.tidewheel.runtime.kafka;

import org.apache.kafka.common.errors.SerializationException;

/**
 * Bytes that are not a record of the expected type. Reading them again gives the same: send them to the dead letters and
 * go on.
 */
public final class UnreadableRecordException extends SerializationException {
    private static final long serialVersionUID = 1L;

    public UnreadableRecordException(String message) {
        super(message);
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
