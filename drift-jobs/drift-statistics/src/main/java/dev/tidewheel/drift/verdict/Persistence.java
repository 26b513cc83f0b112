package dev.tidewheel.drift.verdict;

/**
 * When bad windows become an alarm: at the k-th bad one of the last n, and not before the cool-down after the former alarm
 * is over. While it stands, it fires again at the first bad window after each cool-down: whoever could not act on it when
 * it began hears of it as long as it lasts. It ends with the first window that is back under the leave level while fewer than k of the last n are bad.
 * Windows without a value or a threshold are passed over, as if they had not been. A pure function; immutable and
 * thread-safe.
 *
 * @param k how many bad windows
 * @param n of how many, at most 62
 * @param cooldownMillis from the end of the window that fired to the end of the next that may
 */
public record Persistence(int k, int n, long cooldownMillis) {
    /**
     * What is remembered between windows: numbers alone, so any engine can keep it.
     *
     * @param recent bit i is set if the i-th last judged window was bad
     * @param firing whether an alarm stands
     * @param quietUntil the end of the first window that may fire, epoch milliseconds
     */
    public record State(long recent, boolean firing, long quietUntil) {
        /** Nothing judged yet. */
        public static final State NONE = new State(0, false, Long.MIN_VALUE);
    }

    /** What is to be told of a window. */
    public enum Outcome {
        NONE,
        /** An alarm begins, or goes on after a cool-down. */
        FIRED,
        RESOLVED
    }

    /**
     * @param state to be kept for the next window
     * @param outcome what to tell
     */
    public record Step(State state, Outcome outcome) {}

    public Persistence {
        if (k < 1 || k > n || n > 62 || cooldownMillis < 0) {
            throw new IllegalArgumentException(
                    "no " + k + " of " + n + " windows with a cool-down of " + cooldownMillis + " ms");
        }
    }

    /**
     * Judges the next window.
     *
     * @param value the measure; NaN where undefined or of too few rows
     * @param windowEnd epoch milliseconds, later than before
     */
    public Step step(State state, double value, Level level, long windowEnd) {
        if (Double.isNaN(value) || Double.isNaN(level.enter())) {
            return new Step(state, Outcome.NONE);
        }
        boolean bad = level.entered(value);
        long recent = (state.recent() << 1 | (bad ? 1 : 0)) & (1L << n) - 1;
        boolean enough = Long.bitCount(recent) >= k;
        if (bad && (enough || state.firing()) && windowEnd >= state.quietUntil()) {
            return new Step(new State(recent, true, windowEnd + cooldownMillis), Outcome.FIRED);
        }
        if (state.firing() && !enough && level.left(value)) {
            return new Step(new State(recent, false, state.quietUntil()), Outcome.RESOLVED);
        }
        return new Step(new State(recent, state.firing(), state.quietUntil()), Outcome.NONE);
    }
}
