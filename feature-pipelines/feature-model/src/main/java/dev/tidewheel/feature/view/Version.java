package dev.tidewheel.feature.view;

/**
 * How much a key's state contains: compared by {@code knownTime}, then by {@code routed}. A larger cut has a larger
 * version under any interleaving, because both parts only grow with the set of changes routed, whatever became of each.
 *
 * @param knownTime the greatest knownTime routed to the key; {@link Long#MIN_VALUE} before the first
 * @param routed how many changes were routed to the key since its state was made, whatever became of them
 */
public record Version(long knownTime, long routed) implements Comparable<Version> {
    /** Before any change. */
    public static final Version NONE = new Version(Long.MIN_VALUE, 0);

    @Override
    public int compareTo(Version that) {
        int byTime = Long.compare(knownTime, that.knownTime);
        return byTime != 0 ? byTime : Long.compare(routed, that.routed);
    }
}
