package dev.tidewheel.feature.aggregate;

/**
 * What a value is finished for.
 *
 * @param t the read's time, epoch milliseconds
 * @param from the first event time that the window covers, after its tail was rounded; {@link Long#MIN_VALUE} for a
 *     lifetime
 * @param to the first event time behind the window: {@code t}, unless the window ends before
 */
public record ReadPoint(long t, long from, long to) {

    /** Of a window that ends at t. */
    public ReadPoint(long t, long from) {
        this(t, from, t);
    }
}
