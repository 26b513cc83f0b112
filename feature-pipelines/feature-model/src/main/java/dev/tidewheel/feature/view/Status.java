package dev.tidewheel.feature.view;

/** What a value is worth. The codes are part of the inference record and of the store: never renumber. */
public enum Status {
    /** A value. */
    OK(0),
    /** Nothing to say: an empty window, or only nulls. */
    NULL(1),
    /** The store knows no such key; counts are 0 and everything else is null. */
    NOT_FOUND(2),
    /** A bounded collection overflowed its declared bound. */
    TRUNCATED(3),
    /** An integer left the range of 64 bits. */
    OVERFLOW(4),
    /** The store holds changes that are not visible at the asked time any more separately: ask with a later t. */
    READ_POINT_PASSED(5),
    /** An expression failed on these inputs. */
    ERROR(6),
    /** The store could not be reached within the deadline. */
    UNAVAILABLE(7);

    private static final Status[] BY_CODE = values();
    private final byte code;

    Status(int code) {
        this.code = (byte) code;
    }

    /** The byte that travels. */
    public byte code() {
        return code;
    }

    /**
     * @throws IllegalArgumentException if no status has the code
     */
    public static Status of(byte code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no status has code " + code);
        }
        return BY_CODE[code];
    }
}
