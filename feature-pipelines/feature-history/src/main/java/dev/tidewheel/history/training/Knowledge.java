package dev.tidewheel.history.training;

/** What a training set may know at the moment of a question. */
public enum Knowledge {
    /** What the platform could know then: a change counts from its visibleAt on. */
    POINT_IN_TIME,
    /**
     * As if every event had been known the moment it happened: what a join on event times alone computes. It leaks the
     * future wherever things are known later than they happen; here to measure how much that flatters a model.
     */
    EVENT_TIME
}
