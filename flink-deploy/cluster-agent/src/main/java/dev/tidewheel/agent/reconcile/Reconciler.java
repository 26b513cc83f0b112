package dev.tidewheel.agent.reconcile;

import dev.tidewheel.agent.desired.Wanted;
import java.io.IOException;
import java.util.Optional;

/**
 * Brings things of one kind nearer to what is desired. Level-triggered: each call looks at what is there, and may come
 * after any number of missed, repeated or half-done ones, in this process or in one before it. Called by one thread.
 */
@FunctionalInterface
public interface Reconciler {
    /**
     * Looks, does what can be done now without waiting long, and says what is seen.
     *
     * @param reported what was last reported of this generation, by whatever agent
     * @return empty if there is nothing to say, such as for a generation that is older than what is live
     * @throws IOException if something could not be reached; the next call tries again
     * @throws RuntimeException likewise
     */
    Optional<Observed> reconcile(Wanted wanted, Optional<Observed> reported) throws IOException, InterruptedException;
}
