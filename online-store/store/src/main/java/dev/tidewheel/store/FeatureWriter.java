package dev.tidewheel.store;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Writes states, each iff its version is at least the stored one. Thread-safe. */
public interface FeatureWriter extends AutoCloseable {

    /**
     * What became of a batch.
     *
     * @param accepted states that the store now holds
     * @param superseded states whose stored version was greater: nothing to do
     */
    record Outcome(int accepted, int superseded) {}

    /**
     * Writes a batch; all of it is acknowledged when the stage completes. The stage fails with
     * {@link StoreUnavailableException} after the configured deadline: what was written is then unknown, and sending the
     * same batch again is safe.
     */
    CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch);

    /** Deletes keys, each iff the given version is at least the stored one; leaves a tombstone that older writers respect. */
    CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch);

    @Override
    void close();
}
