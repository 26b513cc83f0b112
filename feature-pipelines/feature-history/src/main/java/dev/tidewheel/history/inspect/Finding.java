package dev.tidewheel.history.inspect;

/** What is to be said about a column of a training set. */
public enum Finding {
    /** In the set's world it orders the label better than what serving would have known, by more than chance. */
    LEAKS(true),
    /** Alone it orders the label so well that it may be the label. */
    TOO_GOOD(true),
    /** It does not leak here, but would in a join on event times, or with hindsight. */
    WOULD_LEAK(false),
    /** It was computed from an event that became known after the question, and no rebuild can show what of it was. */
    KNOWN_LATER(false),
    /** No row has a value. */
    EMPTY(false),
    /** All rows that have a value have the same. */
    CONSTANT(false),
    /** Some values are infinite. */
    INFINITE(false),
    /** The last fifth of the days differs from the first by more than shuffled days do. */
    DRIFTS(false);

    private final boolean suspect;

    Finding(boolean suspect) {
        this.suspect = suspect;
    }

    /** Whether the set should not be learnt from before somebody has looked. */
    public boolean isSuspect() {
        return suspect;
    }
}
