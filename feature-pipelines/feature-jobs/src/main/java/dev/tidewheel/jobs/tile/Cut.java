package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.route.OffsetMarker;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Which records of the source a subtask's values contain: per partition, all before an offset, as far as they are routed
 * to this subtask, and none after it.
 *
 * <p>Two things move it. A change that arrives proves that all changes of its partition before it have arrived, because
 * one subtask of the source reads a partition in order and channels keep order. A marker proves the same for records
 * that were routed elsewhere. Because changes count too, a flush at any moment has an exact cut, not only one at a
 * marker. Not thread-safe.
 */
final class Cut {
    private final TreeMap<Integer, Long> nextOffsets = new TreeMap<>();

    /** The record at the offset, and all before it, are contained. */
    void contains(int partition, long offset) {
        nextOffsets.merge(partition, offset + 1, Math::max);
    }

    /** All before the marker's offsets are contained. */
    void contains(OffsetMarker marker) {
        for (int i = 0; i < marker.partitions().length; i++) {
            nextOffsets.merge(marker.partitions()[i], marker.nextOffsets()[i], Math::max);
        }
    }

    /** Takes over a restored cut. */
    void restore(Map<Integer, Long> restored) {
        nextOffsets.clear();
        nextOffsets.putAll(restored);
    }

    void forEach(BiConsumer<Integer, Long> action) {
        nextOffsets.forEach(action);
    }

    /** As it stands now, unchanged by what comes. */
    Map<Integer, Long> snapshot() {
        return new TreeMap<>(nextOffsets);
    }

    @Override
    public String toString() {
        return nextOffsets.toString();
    }
}
