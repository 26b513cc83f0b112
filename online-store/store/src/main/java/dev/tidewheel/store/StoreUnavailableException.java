package dev.tidewheel.store;

import org.jspecify.annotations.Nullable;

/** The store did not answer within the deadline. Whether a write happened is unknown; repeating it is safe. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
