package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.route.OffsetMarker;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which records of the source a subtask's values contain: per partition (told by its channel), all before an offset, as far as they are routed
 * to this subtask, and none after it.
 *
 * <p>Two things move it. A change that arrives proves that all changes of its partition before it have arrived, because
 * one subtask of the source reads a partition in order and channels keep order. A marker proves the same for records
 * that were routed elsewhere. Because changes count too, a flush at any moment has an exact cut, not only one at a
 * marker. Not thread-safe.
 */
final class Cut {
    private static final long UNKNOWN = -1;

    /** Ascending. */
    private int[] partitions = {};

    private long[] nextOffsets = {};
    /** Records come in runs of one partition. */
    private int lastAt;

    /** The record at the offset, and all before it, are contained. */
    void contains(int partition, long offset) {
        advance(partition, offset + 1);
    }

    /** All before the marker's offsets are contained. */
    void contains(OffsetMarker marker) {
        for (int i = 0; i < marker.partitions().length; i++) {
            advance(marker.partitions()[i], marker.nextOffsets()[i]);
        }
    }

    private void advance(int partition, long nextOffset) {
        if (lastAt >= partitions.length || partitions[lastAt] != partition) {
            lastAt = place(partition);
        }
        nextOffsets[lastAt] = Math.max(nextOffsets[lastAt], nextOffset);
    }

    private int place(int partition) {
        int at = Arrays.binarySearch(partitions, partition);
        if (at >= 0) {
            return at;
        }
        int added = ~at;
        int size = partitions.length;
        partitions = Arrays.copyOf(partitions, size + 1);
        nextOffsets = Arrays.copyOf(nextOffsets, size + 1);
        System.arraycopy(partitions, added, partitions, added + 1, size - added);
        System.arraycopy(nextOffsets, added, nextOffsets, added + 1, size - added);
        partitions[added] = partition;
        nextOffsets[added] = UNKNOWN;
        return added;
    }

    /** Takes over a restored cut. */
    void restore(Map<Integer, Long> restored) {
        partitions = new int[0];
        nextOffsets = new long[0];
        restored.forEach(this::advance);
    }

    /** As it stands now, unchanged by what comes. */
    Map<Integer, Long> snapshot() {
        Map<Integer, Long> copy = new TreeMap<>();
        for (int i = 0; i < partitions.length; i++) {
            copy.put(partitions[i], nextOffsets[i]);
        }
        return copy;
    }

    @Override
    public String toString() {
        return snapshot().toString();
    }
}
