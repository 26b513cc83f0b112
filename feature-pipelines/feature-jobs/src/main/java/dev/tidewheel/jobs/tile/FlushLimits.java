package dev.tidewheel.jobs.tile;

import java.io.Serializable;

/**
 * How much a subtask holds back and sends at a time.
 *
 * @param heldKeys so many changed keys are flushed without being asked
 * @param heldBytes as many bytes of their states, likewise
 * @param sentStates about so many states are on their way to the store at a time; what a flush has more waits for them
 * @param round a key that changes twice within so many changes stays decoded until their end
 */
public record FlushLimits(int heldKeys, long heldBytes, int sentStates, int round) implements Serializable {
    private static final long HELD_BYTES = 64L << 20;
    private static final int SENT_STATES = 2_000;
    private static final int ROUND = 1_000;

    public FlushLimits {
        if (heldKeys < 1 || heldBytes < 1 || sentStates < 1 || round < 1) {
            throw new IllegalArgumentException("limits must be at least 1, got " + heldKeys + " keys, " + heldBytes
                    + " bytes, " + sentStates + " states, " + round + " changes");
        }
    }

    /** @param heldKeys so many changed keys are flushed without being asked */
    public static FlushLimits of(int heldKeys) {
        return new FlushLimits(heldKeys, HELD_BYTES, SENT_STATES, ROUND);
    }
}
