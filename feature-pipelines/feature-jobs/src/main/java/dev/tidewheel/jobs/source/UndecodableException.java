package dev.tidewheel.jobs.source;

/** A record's bytes are not what its source's format says; the message is the dead letter's detail. */
final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1L;

    UndecodableException(String message) {
        // Thrown once per broken record: a stack trace would say nothing that the message does not.
        super(message, null, false, false);
    }
}
