package dev.tidewheel.jobs.tile;

/**
 * The store was restarted or failed over and may have lost values. The job restores from its last checkpoint and writes
 * all keys again.
 */
public final class StoreReplacedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreReplacedException(String before, String now) {
        super("the store was " + before + " and is " + now
                + " now: it may have lost values; restoring, then writing all keys again");
    }
}
