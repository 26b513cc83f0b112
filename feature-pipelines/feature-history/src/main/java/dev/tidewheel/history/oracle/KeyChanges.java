package dev.tidewheel.history.oracle;

import dev.tidewheel.history.served.Cut;
import dev.tidewheel.history.source.ChangeHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The changes of one key, ordered so that those of a window and those missing in a cut are found without looking at the
 * rest. Immutable and thread-safe.
 */
public final class KeyChanges {
    private final int[] byEvent;
    private final long[] eventTimes;
    private final int[] sharingId;
    private final Map<Integer, ByOffset> channels = new TreeMap<>();

    public KeyChanges(ChangeHistory history, int[] changes) {
        this.byEvent = sorted(changes, Comparator.comparingLong(history::eventTime));
        this.eventTimes = IntStream.of(byEvent).mapToLong(history::eventTime).toArray();
        this.sharingId = IntStream.of(changes).filter(history::sharesId).toArray();
        Map<Integer, List<Integer>> members = new TreeMap<>();
        for (int change : changes) {
            members.computeIfAbsent(history.channel(change), unseen -> new ArrayList<>())
                    .add(change);
        }
        members.forEach((channel, ofChannel) -> channels.put(channel, new ByOffset(history, ofChannel)));
    }

    /**
     * The changes with event times in [from, to), ascending. Changes that share an event id are always among them,
     * because the oracle has to see all copies to know which one counts.
     */
    public int[] within(long from, long to) {
        IntStream inside = Arrays.stream(byEvent, firstAtOrAfter(from), firstAtOrAfter(to));
        return IntStream.concat(inside, IntStream.of(sharingId))
                .sorted()
                .distinct()
                .toArray();
    }

    /** Whether the cut holds any of the changes. */
    public boolean hasAny(Cut cut) {
        return channels.entrySet().stream()
                .anyMatch(channel -> channel.getValue().firstOffset() < cut.nextOffset(channel.getKey()));
    }

    /** The smallest knownTime of all changes that are not in the cut, or {@link Long#MAX_VALUE} if there is none. */
    public long firstMissed(Cut cut) {
        long first = Long.MAX_VALUE;
        for (Map.Entry<Integer, ByOffset> channel : channels.entrySet()) {
            first = Math.min(first, channel.getValue().firstKnownFrom(cut.nextOffset(channel.getKey())));
        }
        return first;
    }

    private int firstAtOrAfter(long eventTime) {
        int low = 0;
        int high = eventTimes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (eventTimes[middle] < eventTime) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int[] sorted(int[] changes, Comparator<Integer> order) {
        return IntStream.of(changes)
                .boxed()
                .sorted(order)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** One channel's changes by offset, with the smallest knownTime from each on. */
    private static final class ByOffset {
        private final long[] offsets;
        private final long[] firstKnown;

        ByOffset(ChangeHistory history, List<Integer> changes) {
            int[] byOffset = sorted(
                    changes.stream().mapToInt(Integer::intValue).toArray(), Comparator.comparingLong(history::offset));
            offsets = IntStream.of(byOffset).mapToLong(history::offset).toArray();
            firstKnown = IntStream.of(byOffset).mapToLong(history::knownTime).toArray();
            for (int i = firstKnown.length - 2; i >= 0; i--) {
                firstKnown[i] = Math.min(firstKnown[i], firstKnown[i + 1]);
            }
        }

        long firstOffset() {
            return offsets[0];
        }

        long firstKnownFrom(long nextOffset) {
            int place = Arrays.binarySearch(offsets, nextOffset);
            int first = place >= 0 ? place : -place - 1;
            while (first > 0 && first <= offsets.length && offsets[first - 1] == nextOffset) {
                first--; // A record may bring two changes.
            }
            return first < firstKnown.length ? firstKnown[first] : Long.MAX_VALUE;
        }
    }
}
