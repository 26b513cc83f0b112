package dev.tidewheel.history.served;

import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Coverage;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which records of a source a stored value contains: per partition all before an offset. Immutable.
 */
public final class Cut {
    /** Before any record: the cut of a key that the store does not know. */
    public static final Cut EMPTY = new Cut("", new long[0]);

    private final String topic;
    private final long[] nextOffsets;

    private Cut(String topic, long[] nextOffsets) {
        this.topic = topic;
        this.nextOffsets = nextOffsets;
    }

    /**
     * @param nextOffsets by partition the first offset that is not contained
     */
    public static Cut of(String topic, Map<Integer, Long> nextOffsets) {
        int partitions = nextOffsets.keySet().stream()
                .mapToInt(partition -> partition + 1)
                .max()
                .orElse(0);
        long[] next = new long[partitions];
        nextOffsets.forEach((partition, offset) -> next[partition] = offset);
        return new Cut(Objects.requireNonNull(topic, "topic"), next);
    }

    /** Whether a record is contained. */
    public boolean contains(int partition, long offset) {
        return offset < nextOffset(partition);
    }

    /** The first offset of a partition that is not contained; 0 for a partition that the cut does not name. */
    public long nextOffset(int partition) {
        return partition < nextOffsets.length ? nextOffsets[partition] : 0;
    }

    /** Whether a change is contained. */
    public boolean contains(ChangeHistory history, int change) {
        return contains(history.partition(change), history.offset(change));
    }

    /** Whether the history was read before all records of this cut were committed to its table. */
    public boolean exceeds(Map<Integer, Coverage> committed) {
        for (int partition = 0; partition < nextOffsets.length; partition++) {
            Coverage known = committed.get(partition);
            long next = known == null ? 0 : known.nextOffset();
            if (nextOffsets[partition] > next) {
                return true;
            }
        }
        return false;
    }

    public String topic() {
        return topic;
    }

    /** By partition the first offset that is not contained. */
    public Map<Integer, Long> nextOffsets() {
        Map<Integer, Long> next = new TreeMap<>();
        for (int partition = 0; partition < nextOffsets.length; partition++) {
            next.put(partition, nextOffsets[partition]);
        }
        return next;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cut that && topic.equals(that.topic) && Arrays.equals(nextOffsets, that.nextOffsets);
    }

    @Override
    public int hashCode() {
        return 31 * topic.hashCode() + Arrays.hashCode(nextOffsets);
    }

    @Override
    public String toString() {
        return topic + Arrays.stream(nextOffsets).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
