package dev.tidewheel.submission;

/** The cluster did not answer, or not in time. What was asked may or may not have happened. */
public final class FlinkUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FlinkUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public FlinkUnavailableException(String message) {
        super(message);
    }
}
