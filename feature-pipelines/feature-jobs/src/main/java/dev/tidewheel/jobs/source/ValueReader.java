package dev.tidewheel.jobs.source;

import java.io.IOException;

/**
 * Reads the values of a source's records in one format. What is foreign may make it throw any exception: all of them mean
 * that this value cannot be read, and leave nothing behind that the next value would meet. Not thread-safe.
 */
interface ValueReader {

    /**
     * What a value says; its rows are new with every call.
     *
     * @throws UndecodableException if the value is not of the format; the message names the field, where it is one
     * @throws IOException if the format's own reader says so
     * @throws dev.tidewheel.jobs.source.registry.RegistryUnavailableException the one exception that says nothing of the
     *     value: whether it can be read is not known
     */
    ReadValue read(byte[] value) throws UndecodableException, IOException;
}
