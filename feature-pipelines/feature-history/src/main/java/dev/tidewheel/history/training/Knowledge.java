package dev.tidewheel.history.training;

/** What a training set may know at the moment of a question; see {@link Retiming}. */
public enum Knowledge {
    /** What the platform could know then: a change counts from its visibleAt on. */
    POINT_IN_TIME,
    /**
     * As if every event had been known the moment it happened: what a join on event times alone computes. It leaks the
     * future wherever things are known later than they happen; here to measure how much that flatters a model, and for
     * sources whose known times mean nothing. Nothing is late in it, so it counts what serving refused as late.
     */
    EVENT_TIME,
    /** What was known at one moment, whenever it is asked about. */
    KNOWN_BY,
    /** What was known a while after each question. */
    HINDSIGHT
}
