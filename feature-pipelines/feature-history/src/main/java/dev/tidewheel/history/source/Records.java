package dev.tidewheel.history.source;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Where every row that was read stood in Kafka, and which rows stand at the same place as an earlier one. */
final class Records {
    private int[] channels = new int[1024];
    private long[] offsets = new long[1024];
    private long[] timestamps = new long[1024];
    private final BitSet companions = new BitSet();
    private int size;

    void append(int channel, long offset, long timestamp) {
        if (size == channels.length) {
            int wanted = size + (size >> 1);
            channels = Arrays.copyOf(channels, wanted);
            offsets = Arrays.copyOf(offsets, wanted);
            timestamps = Arrays.copyOf(timestamps, wanted);
        }
        channels[size] = channel;
        offsets[size] = offset;
        timestamps[size++] = timestamp;
    }

    /** A second row of the record of the row before. */
    void appendCompanion(int channel, long offset, long timestamp) {
        companions.set(size);
        append(channel, offset, timestamp);
    }

    int size() {
        return size;
    }

    int channel(int row) {
        return channels[row];
    }

    long offset(int row) {
        return offsets[row];
    }

    long timestamp(int row) {
        return timestamps[row];
    }

    int compare(int left, int right) {
        int byChannel = Integer.compare(channels[left], channels[right]);
        return byChannel != 0 ? byChannel : Long.compare(offsets[left], offsets[right]);
    }

    /**
     * The rows that stand where an earlier row stands already: a writer that was restarted may write twice. A second row
     * of a record is none of them.
     */
    BitSet repetitions() {
        Map<Integer, Long> bases = new TreeMap<>();
        for (int row = 0; row < size; ) {
            int channel = channels[row];
            long least = offsets[row];
            for (; row < size && channels[row] == channel; row++) { // Mostly many in a row.
                least = Math.min(least, offsets[row]);
            }
            bases.merge(channel, least, Math::min);
        }
        Map<Integer, BitSet> seen = new TreeMap<>();
        BitSet repetitions = new BitSet();
        for (int row = companions.nextClearBit(0); row < size; ) {
            int channel = channels[row];
            long base = bases.getOrDefault(channel, offsets[row]);
            BitSet places = seen.computeIfAbsent(channel, unseen -> new BitSet());
            for (; row < size && channels[row] == channel; row = companions.nextClearBit(row + 1)) {
                int place = Math.toIntExact(offsets[row] - base);
                repetitions.set(row, places.get(place));
                places.set(place);
            }
        }
        return repetitions;
    }

    /** Per channel how many of some rows are records of their own. */
    Map<Integer, Long> counts(IntStream rows) {
        Map<Integer, Long> counts = new TreeMap<>();
        int channel = 0;
        long run = 0; // Rows of one channel mostly stand together.
        for (PrimitiveIterator.OfInt each = rows.iterator(); each.hasNext(); ) {
            int row = each.nextInt();
            if (channels[row] != channel) {
                counts.merge(channel, run, Long::sum);
                channel = channels[row];
                run = 0;
            }
            run += companions.get(row) ? 0 : 1;
        }
        counts.merge(channel, run, Long::sum);
        return counts;
    }

    /** Per channel what the rows cover, without those given. */
    Map<Integer, Coverage> coverage(BitSet without) {
        Map<Integer, Coverage> coverage = new TreeMap<>();
        BitSet left = (BitSet) without.clone();
        left.or(companions);
        for (int row = left.nextClearBit(0); row < size; ) {
            int channel = channels[row];
            long records = 0;
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (; row < size && channels[row] == channel; row = left.nextClearBit(row + 1)) {
                records++;
                first = Math.min(first, offsets[row]);
                last = Math.max(last, offsets[row]);
            }
            coverage.merge(channel, new Coverage(records, first, last + 1), Coverage::plus);
        }
        return coverage;
    }
}
