package dev.tidewheel.feature.view;

/** What became of a change that was routed to a key. The order is the precedence: a late duplicate is late. */
public enum Disposition {
    /** Known later after its event than the source's horizon allows. To dead-letters. */
    LATE,
    /** Seen before under the same id. */
    DUPLICATE,
    /** An expression failed, or the event lies too far in the future. To dead-letters. */
    REJECTED,
    /** The view's {@code where} said no. */
    FILTERED,
    /** Part of the values from its visibleAt on. */
    APPLIED
}
