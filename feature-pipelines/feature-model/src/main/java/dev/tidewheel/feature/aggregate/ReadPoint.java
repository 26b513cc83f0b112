package dev.tidewheel.feature.aggregate;

/**
 * What a value is finished for.
 *
 * @param t the read's time, epoch milliseconds
 * @param from the first event time that the window covers, after its tail was rounded; {@link Long#MIN_VALUE} for a
 *     lifetime
 */
public record ReadPoint(long t, long from) {}
