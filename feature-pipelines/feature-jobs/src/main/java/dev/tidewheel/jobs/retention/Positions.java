package dev.tidewheel.jobs.retention;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How far each partition is read. Partitions are small numbers, so arrays do. Not thread-safe; copies are immutable by use. */
final class Positions {
    private static final long UNREAD = -1;

    private long[] nextOffsets;
    private long[] timestamps;

    Positions() {
        this(new long[0], new long[0]);
    }

    private Positions(long[] nextOffsets, long[] timestamps) {
        this.nextOffsets = nextOffsets;
        this.timestamps = timestamps;
    }

    void read(int partition, long offset, long timestamp) {
        if (partition >= nextOffsets.length) {
            int known = nextOffsets.length;
            nextOffsets = Arrays.copyOf(nextOffsets, partition + 1);
            timestamps = Arrays.copyOf(timestamps, partition + 1);
            Arrays.fill(nextOffsets, known, nextOffsets.length, UNREAD);
        }
        nextOffsets[partition] = offset + 1;
        timestamps[partition] = timestamp;
    }

    Positions copy() {
        return new Positions(nextOffsets.clone(), timestamps.clone());
    }

    boolean isRead(int partition) {
        return partition < nextOffsets.length && nextOffsets[partition] != UNREAD;
    }

    List<Integer> partitions() {
        return IntStream.range(0, nextOffsets.length)
                .filter(this::isRead)
                .boxed()
                .toList();
    }

    /** The offset after the last record read. */
    long nextOffset(int partition) {
        return nextOffsets[partition];
    }

    /** Kafka's timestamp of the last record read, epoch milliseconds; no later than that of the first unread one, where time does not go back. */
    long timestamp(int partition) {
        return timestamps[partition];
    }
}
