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
 * @param lagMillis how long the oldest missed change had been known; negative if none was missed
 */
record Judgement(String key, Outcome outcome, Cut cut, Optional<FeatureValues> expected, long lagMillis) {
    /** Missed nothing. */
    static final long NO_LAG = -1;

    enum Outcome {
        /** To be compared. */
        EXPECTED,
        /** Raw rows are missing still. */
        PENDING,
        /** No flush of that name was announced. */
        UNKNOWN_CUT,
        /** Nothing was read. */
        UNSERVED
    }

    static Judgement without(String key, Outcome outcome, Cut cut) {
        return new Judgement(key, outcome, cut, Optional.empty(), NO_LAG);
    }
}
