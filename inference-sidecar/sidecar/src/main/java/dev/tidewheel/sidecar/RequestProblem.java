package dev.tidewheel.sidecar;

/** A request that is answered with an error, by its HTTP status and a message for the caller. */
final class RequestProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RequestProblem(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    static RequestProblem badRequest(String message) {
        return new RequestProblem(400, message);
    }

    static RequestProblem unavailable(String message) {
        return new RequestProblem(503, message);
    }
}
