package dev.tidewheel.jobs.retention;

/**
 * What is left until Kafka deletes a record that a restore would have to read again.
 *
 * @param seconds by age: the topic's retention less the age of the oldest such record, taken as that of the last record
 *     before it, so that it is rather told too early. The whole retention if there is no such record; infinite without a
 *     limit. Negative: it may be gone already
 * @param records by offset: how many older records are still there. Negative: so many are gone, and the checkpoint cannot
 *     be restored without a gap
 */
record Headroom(double seconds, long records) {

    /**
     * Computes it for one partition.
     *
     * @param checkpointed the offset that a restore begins with
     * @param timestamp of the record before it, epoch milliseconds
     * @param now epoch milliseconds
     */
    static Headroom of(long checkpointed, long timestamp, TopicLog.Ends ends, int channel, long now) {
        long first = ends.first().getOrDefault(channel, 0L);
        long next = ends.next().getOrDefault(channel, checkpointed);
        long retentionMillis = ends.retentionMillis().getOrDefault(channel, -1L);
        return new Headroom(seconds(checkpointed, timestamp, next, retentionMillis, now), checkpointed - first);
    }

    private static double seconds(long checkpointed, long timestamp, long next, long retentionMillis, long now) {
        if (retentionMillis < 0) {
            return Double.POSITIVE_INFINITY;
        }
        long age = checkpointed >= next || timestamp < 0 ? 0 : now - timestamp;
        return (retentionMillis - age) / 1_000.0;
    }
}
