package dev.tidewheel.monitoring.log;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Next offsets by topic and partition. A partition that is not named stands at 0. Not thread-safe.
 */
public final class Offsets {
    /** A partition of a topic. */
    public record Place(Log log, int partition) implements Comparable<Place> {
        @Override
        public int compareTo(Place that) {
            int byLog = log.compareTo(that.log);
            return byLog != 0 ? byLog : Integer.compare(partition, that.partition);
        }
    }

    private final TreeMap<Place, Long> next = new TreeMap<>();

    /** A copy. */
    public Offsets copy() {
        Offsets copy = new Offsets();
        copy.next.putAll(next);
        return copy;
    }

    /** Whatever came before {@code nextOffset} has been read. Never goes back. */
    public void advance(Log log, int partition, long nextOffset) {
        next.merge(new Place(log, partition), nextOffset, Math::max);
    }

    /** Sets one place, back too. */
    public void set(Log log, int partition, long nextOffset) {
        next.put(new Place(log, partition), nextOffset);
    }

    /** Whether all of those have been reached. */
    public boolean cover(Offsets ends) {
        for (Map.Entry<Place, Long> end : ends.next.entrySet()) {
            if (next.getOrDefault(end.getKey(), 0L) < end.getValue()) {
                return false;
            }
        }
        return true;
    }

    /** By place, in order. */
    public Map<Place, Long> asMap() {
        return java.util.Collections.unmodifiableMap(next);
    }

    /** As numbers for state: topic, partition, next offset of each place in turn. */
    public long[] toLongs() {
        long[] flat = new long[3 * next.size()];
        int at = 0;
        for (Map.Entry<Place, Long> each : next.entrySet()) {
            flat[at++] = each.getKey().log().ordinal();
            flat[at++] = each.getKey().partition();
            flat[at++] = each.getValue();
        }
        return flat;
    }

    /** The other way round. */
    public static Offsets of(long[] flat) {
        Offsets offsets = new Offsets();
        for (int at = 0; at < flat.length; at += 3) {
            offsets.set(Log.values()[(int) flat[at]], (int) flat[at + 1], flat[at + 2]);
        }
        return offsets;
    }

    @Override
    public String toString() {
        return next.toString();
    }

    /** The topics that windows are made of; the clock only says when. */
    public static Set<Log> data() {
        return EnumSet.complementOf(EnumSet.of(Log.CLOCK));
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Offsets other && Arrays.equals(toLongs(), other.toLongs());
    }

    @Override
    public int hashCode() {
        return next.hashCode();
    }
}
