package dev.tidewheel.jobs.source.registry;

/**
 * The registry did not say whether it has a schema. The records behind can neither be read nor refused: the job has to
 * fail and to start again from its checkpoint.
 */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message) {
        super(message);
    }

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
