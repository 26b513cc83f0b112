package dev.tidewheel.history.parity;

import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.history.served.Cut;
import java.util.Optional;

/**
 * What is known about one read of one view.
 *
 * @param key the key that was read
 * @param outcome whether there is something to compare with
 * @param cut which records the stored value contained
 * @param expected all features of the view, if there is something to compare with
 * @param freed whether the expected values lack changes that were refused because the memory of their time was freed
 * @param erased whether the stored value may contain events of an entity that was erased since
 * @param lagMillis how long the oldest missed change had been known; negative if none was missed
 */
record Judgement(
        String key,
        Outcome outcome,
        Cut cut,
        Optional<FeatureValues> expected,
        boolean freed,
        boolean erased,
        long lagMillis) {
    /** Missed nothing. */
    static final long NO_LAG = -1;

    enum Outcome {
        /** To be compared. */
        EXPECTED,
        /** Raw rows are missing still. */
        PENDING,
        /** No flush of that name was announced. */
        UNKNOWN_CUT,
        /** Nothing was read, because the store could not be reached. */
        UNSERVED,
        /** Nothing was read for another reason: what was stored could not be understood. */
        UNREADABLE,
        /** The store knew no such key, but a change of it that counts had been known for longer than the bound. */
        LOST
    }

    static Judgement without(String key, Outcome outcome, Cut cut) {
        return new Judgement(key, outcome, cut, Optional.empty(), false, false, NO_LAG);
    }
}
