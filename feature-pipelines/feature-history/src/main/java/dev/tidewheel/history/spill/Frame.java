package dev.tidewheel.history.spill;

import java.io.IOException;

/**
 * Packed rows of one partition, in the order in which they came.
 *
 * @param bytes where they are
 * @param firstMoment of the first of them
 * @param rows how many
 */
record Frame(Bytes bytes, long firstMoment, int rows) {

    /** Bytes in memory or in a file. Thread-safe. */
    @FunctionalInterface
    interface Bytes {
        byte[] read() throws IOException;
    }
}
