package dev.tidewheel.history.served;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Coverage;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which records of a source a stored value contains: per {@linkplain Channels channel} all before an offset. Immutable.
 */
public final class Cut {
    /** Before any record: the cut of a key that the store does not know. */
    public static final Cut EMPTY = new Cut(Channels.of(""), new int[0], new long[0]);

    private final Channels channels;
    /** Ascending. */
    private final int[] named;

    private final long[] nextOffsets;

    private Cut(Channels channels, int[] named, long[] nextOffsets) {
        this.channels = channels;
        this.named = named;
        this.nextOffsets = nextOffsets;
    }

    /**
     * @param channels of the source's topics
     * @param nextOffsets by channel the first offset that is not contained
     */
    public static Cut of(Channels channels, Map<Integer, Long> nextOffsets) {
        TreeMap<Integer, Long> sorted = new TreeMap<>(nextOffsets);
        return new Cut(
                Objects.requireNonNull(channels, "channels"),
                sorted.keySet().stream().mapToInt(Integer::intValue).toArray(),
                sorted.values().stream().mapToLong(Long::longValue).toArray());
    }

    /** Of a source of one topic. */
    public static Cut of(String topic, Map<Integer, Long> nextOffsets) {
        return of(Channels.of(topic), nextOffsets);
    }

    /** Whether a record is contained. */
    public boolean contains(int channel, long offset) {
        return offset < nextOffset(channel);
    }

    /** The first offset of a channel that is not contained; 0 for one that the cut does not name. */
    public long nextOffset(int channel) {
        // One topic's partitions, all of them named, stand at their own numbers.
        if (channel < named.length && named[channel] == channel) {
            return nextOffsets[channel];
        }
        int at = Arrays.binarySearch(named, channel);
        return at < 0 ? 0 : nextOffsets[at];
    }

    /** Whether a change is contained. */
    public boolean contains(ChangeHistory history, int change) {
        return contains(history.channel(change), history.offset(change));
    }

    /** Whether the history was read before all records of this cut were committed to its table. */
    public boolean exceeds(Map<Integer, Coverage> committed) {
        for (int at = 0; at < named.length; at++) {
            Coverage known = committed.get(named[at]);
            long next = known == null ? 0 : known.nextOffset();
            if (nextOffsets[at] > next) {
                return true;
            }
        }
        return false;
    }

    /** By topic and partition the first offset that is not contained. */
    public Map<String, Map<Integer, Long>> byTopic() {
        Map<Integer, Long> next = new TreeMap<>();
        for (int at = 0; at < named.length; at++) {
            next.put(named[at], nextOffsets[at]);
        }
        return channels.byTopic(next);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cut that
                && channels.equals(that.channels)
                && Arrays.equals(named, that.named)
                && Arrays.equals(nextOffsets, that.nextOffsets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(named) + Arrays.hashCode(nextOffsets);
    }

    @Override
    public String toString() {
        return byTopic().toString();
    }
}
