package dev.tidewheel.jobs.retention;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How far each partition is read, by its channel. Not thread-safe; copies are immutable by use. */
final class Positions {
    /** Ascending. */
    private int[] channels;

    private long[] nextOffsets;
    private long[] timestamps;
    /** Records come in runs of one partition. */
    private int lastAt;

    Positions() {
        this(new int[0], new long[0], new long[0]);
    }

    private Positions(int[] channels, long[] nextOffsets, long[] timestamps) {
        this.channels = channels;
        this.nextOffsets = nextOffsets;
        this.timestamps = timestamps;
    }

    void read(int channel, long offset, long timestamp) {
        if (lastAt >= channels.length || channels[lastAt] != channel) {
            lastAt = place(channel);
        }
        nextOffsets[lastAt] = offset + 1;
        timestamps[lastAt] = timestamp;
    }

    private int place(int channel) {
        int at = Arrays.binarySearch(channels, channel);
        if (at >= 0) {
            return at;
        }
        int added = ~at;
        channels = withRoom(channels, added);
        nextOffsets = withRoom(nextOffsets, added);
        timestamps = withRoom(timestamps, added);
        channels[added] = channel;
        return added;
    }

    private static int[] withRoom(int[] values, int at) {
        int[] more = Arrays.copyOf(values, values.length + 1);
        System.arraycopy(values, at, more, at + 1, values.length - at);
        return more;
    }

    private static long[] withRoom(long[] values, int at) {
        long[] more = Arrays.copyOf(values, values.length + 1);
        System.arraycopy(values, at, more, at + 1, values.length - at);
        return more;
    }

    Positions copy() {
        return new Positions(channels.clone(), nextOffsets.clone(), timestamps.clone());
    }

    boolean isRead(int channel) {
        return Arrays.binarySearch(channels, channel) >= 0;
    }

    /** Those that were read, ascending. */
    List<Integer> channels() {
        return IntStream.of(channels).boxed().toList();
    }

    /** The offset after the last record read of a channel that {@linkplain #isRead was read}. */
    long nextOffset(int channel) {
        return nextOffsets[Arrays.binarySearch(channels, channel)];
    }

    /**
     * Kafka's timestamp of the last record read of a channel that {@linkplain #isRead was read}, epoch milliseconds; no later
     * than that of the first unread one, where time does not go back.
     */
    long timestamp(int channel) {
        return timestamps[Arrays.binarySearch(channels, channel)];
    }
}
