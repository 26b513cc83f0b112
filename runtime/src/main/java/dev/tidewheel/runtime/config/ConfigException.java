package dev.tidewheel.runtime.config;

/**
 * A configuration that cannot be used. The message is for the person who wrote the file: place ({@code file:line:column}),
 * key, what is wrong and what to write instead. A {@code main} prints the message alone and exits; nothing is to be retried.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
