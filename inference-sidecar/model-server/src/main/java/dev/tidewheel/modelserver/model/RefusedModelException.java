package dev.tidewheel.modelserver.model;

/** A registered version cannot be served: its artifact is damaged, is not the one that was registered, or unusable. */
public final class RefusedModelException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedModelException(ModelId id, String reason) {
        super("model " + id + " is refused: " + reason);
    }

    RefusedModelException(ModelId id, String reason, Throwable cause) {
        super("model " + id + " is refused: " + reason, cause);
    }
}
