package dev.tidewheel.lifecycle.state;

import java.time.Instant;

/**
 * How a challenger's way ended, or that it arrived.
 *
 * @param why the deciding sentence, or its beginning
 */
public record Ended(String version, String retraining, Instant at, End end, String why) {
    private static final int LONGEST = 300;

    /** What was said at length stands in the decision of then; a state carries the sentence on and on. */
    public Ended {
        why = why.length() <= LONGEST ? why : why.substring(0, LONGEST - 1) + "…";
    }

    public enum End {
        /** The training gave nothing. */
        FAILED,
        /** Stopped by a person, or too slow. */
        CANCELLED,
        /** The gate, or a stage that had not seen enough, said no. */
        REFUSED,
        /** It served badly before it was champion. */
        ABORTED,
        /** It became champion. */
        PROMOTED,
        /** It had become champion, and served badly or a person did not want it. */
        ROLLED_BACK
    }
}
