package dev.tidewheel.store;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Writes states, each iff its version is at least the stored one. Thread-safe; batches that are under way at the same
 * time may overtake each other, which the versions make harmless.
 */
public interface FeatureWriter extends AutoCloseable {

    /**
     * What became of a batch.
     *
     * @param accepted states that the store now holds
     * @param superseded states whose stored version was greater: nothing to do
     */
    record Outcome(int accepted, int superseded) {
        /** Of two batches together. */
        public Outcome plus(Outcome that) {
            return new Outcome(accepted + that.accepted, superseded + that.superseded);
        }
    }

    /**
     * Writes a batch; all of it is acknowledged when the stage completes. The stage fails with
     * {@link StoreUnavailableException} after the configured deadline: what was written is then unknown, and sending the
     * same batch again is safe. It fails with {@link StoreRefusedException} or {@link StoreFormatException} where
     * sending again does not help.
     */
    CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch);

    /**
     * Deletes keys, each iff the given version is at least the stored one; leaves a tombstone that respects versions as a
     * state does. Against a tombstone a state needs a greater version, not an equal one: the state that was deleted must
     * not come back with a repeated write.
     *
     * <p>Once a delete is accepted the caller may drop the key's content, but must go on counting its version where the
     * deleted state stopped. A counter that starts anew would let the longer count of another attempt, with the same
     * knownTime, win over a larger cut. The version may be dropped as well once three things hold: the delete was accepted
     * from the present attempt itself, every checkpoint that may be restored lacks the content too, and no former attempt
     * can still write.
     *
     * @param batch the versions under which to delete (see {@link StoredState#deleted}); base and head are ignored
     */
    CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch);

    @Override
    void close();
}
