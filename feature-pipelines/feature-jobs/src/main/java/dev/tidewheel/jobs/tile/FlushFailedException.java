package dev.tidewheel.jobs.tile;

/** Values or frontiers could not be delivered within the deadline. The job restores from its last checkpoint. */
public final class FlushFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FlushFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
