package dev.tidewheel.store;

/** The store holds bytes that are not ours or that do not belong together. Repeating the call does not help. */
public final class StoreFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreFormatException(String message) {
        super(message);
    }

    public StoreFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
