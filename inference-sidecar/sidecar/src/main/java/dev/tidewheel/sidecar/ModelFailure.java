package dev.tidewheel.sidecar;

import java.util.concurrent.TimeoutException;

/** The model server gave no usable answer. Asking again is safe: a prediction changes nothing. */
final class ModelFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    enum Kind {
        /** No answer within the deadline. */
        TIMEOUT,
        /** No connection, or an answer that says no. */
        ERROR
    }

    private final Kind kind;

    ModelFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    static ModelFailure of(Throwable failure, SidecarConfig.ModelServer server) {
        if (failure instanceof ModelFailure already) {
            return already;
        }
        if (failure instanceof TimeoutException) {
            return new ModelFailure(
                    Kind.TIMEOUT,
                    "no answer from " + server.uri() + " within "
                            + server.deadline().toMillis() + " ms");
        }
        return new ModelFailure(Kind.ERROR, "the model server at " + server.uri() + " failed: " + failure.getMessage());
    }
}
