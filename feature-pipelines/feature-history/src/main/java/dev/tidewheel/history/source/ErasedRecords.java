package dev.tidewheel.history.source;

/**
 * Which records of a partition were those of entities that are erased.
 *
 * @param firstOffset the least of them
 * @param newestTimestamp the greatest of their Kafka timestamps, epoch milliseconds
 */
public record ErasedRecords(long firstOffset, long newestTimestamp) {
    ErasedRecords plus(ErasedRecords that) {
        return new ErasedRecords(
                Math.min(firstOffset, that.firstOffset), Math.max(newestTimestamp, that.newestTimestamp));
    }
}
