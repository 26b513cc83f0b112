package dev.tidewheel.history.spill;

import java.io.IOException;

/**
 * Goes through one partition of a run: key by key in the order of keys, and through each key's rows in the order of
 * (moment, channel, place). What it stands at is valid until it moves. Not thread-safe.
 */
interface Cursor {

    /** Goes to the next key, before its first row; false if there is none. */
    boolean nextKey() throws IOException;

    long hash();

    String key();

    /** Goes to the next of the key's marks, ascending; false if there is none. Only before the key's first row. */
    boolean nextMark() throws IOException;

    long mark();

    /** Goes to the key's next row; false if there is none. */
    boolean nextRow() throws IOException;

    long moment();

    int channel();

    long place();

    boolean isNull(int slot);

    long word(int slot);

    String string(int slot);
}
