package dev.tidewheel.lifecycle.fold;

/** What became of an event. */
public enum Outcome {
    /** Noted; beyond the clock and the memory of triggers nothing is different. */
    UNCHANGED,
    /** The state is another. */
    CHANGED,
    /** It was decided before. */
    DUPLICATE,
    /** It asked for something that is not done; the reason says why. */
    REFUSED
}
