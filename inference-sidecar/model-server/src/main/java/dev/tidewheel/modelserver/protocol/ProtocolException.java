package dev.tidewheel.modelserver.protocol;

/** A request that is answered with an error: the HTTP status, and a sentence for the caller. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** An answer with a 4xx or 5xx status. */
    public ProtocolException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The request is wrong; sending it again will not help. */
    public static ProtocolException badRequest(String message) {
        return new ProtocolException(400, message);
    }

    /** There is no such thing, as far as the server can see now. */
    public static ProtocolException notFound(String message) {
        return new ProtocolException(404, message);
    }

    /** The server cannot do it now; sending it again later may help. */
    public static ProtocolException unavailable(String message) {
        return new ProtocolException(503, message);
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The sentence for the caller. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
