package dev.tidewheel.feature.aggregate;

/** What an aggregate promises about equal sets of changes. */
public enum Promise {
    /** Equal bits in any order, by the nature of the operation. */
    EXACT,
    /** Equal bits in any order, by an accumulator that is independent of order. */
    REPRODUCIBLE,
    /** Within a stated bound; the bits may depend on the order. */
    BOUNDED
}
