package dev.tidewheel.store;

import org.jspecify.annotations.Nullable;

/**
 * The store answered, refused the call, and will refuse it again: wrong password, missing permission, wrong topology, an
 * unknown command. Repeating does not help; somebody has to change the configuration or the server.
 */
public final class StoreRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
