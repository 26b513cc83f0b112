package dev.tidewheel.submission;

/** The cluster has answered that it will not do what was asked. Asking the same again will not help. */
public final class FlinkRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FlinkRefusedException(String message) {
        super(message);
    }
}
