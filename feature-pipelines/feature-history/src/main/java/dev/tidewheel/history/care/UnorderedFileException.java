package dev.tidewheel.history.care;

/** A file's rows are not in the order of their offsets, so it cannot be merged; it is left as it is. */
final class UnorderedFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String location;

    UnorderedFileException(String location) {
        super(location + " has its rows in another order than that of their offsets");
        this.location = location;
    }

    String location() {
        return location;
    }
}
