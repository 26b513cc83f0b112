package dev.tidewheel.history.values;

/**
 * Between which moments questions lie, epoch milliseconds.
 *
 * @param first the first one asked
 * @param visibleThrough what any of them can see was visible by then
 */
public record Moments(long first, long visibleThrough) {

    /** Before which nothing is in a window that looks back so far. */
    long reach(long lookBackMillis) {
        return first < Long.MIN_VALUE + lookBackMillis ? Long.MIN_VALUE : first - lookBackMillis;
    }
}
