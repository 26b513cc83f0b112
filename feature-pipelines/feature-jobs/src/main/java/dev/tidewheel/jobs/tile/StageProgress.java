package dev.tidewheel.jobs.tile;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a subtask of a keyed stage remembers beside its keys. Every subtask gets those of all at a restore and merges
 * them cautiously, so that a change of parallelism is safe: key groups come from several old subtasks.
 *
 * @param partitions their channels, see {@link dev.tidewheel.definitions.Channels}
 * @param nextOffsets the cut, per partition
 * @param watermark the greatest knownTime up to which state may have been freed
 * @param attempt of the subtask that wrote this
 * @param storeIdentity which store held the values
 * @param views the views, by {@link StageView#stateName()}, whose states contain the cut
 */
@SuppressWarnings("ArrayRecordComponent") // Flat for Flink's serialisers; never compared.
public record StageProgress(
        int[] partitions, long[] nextOffsets, long watermark, long attempt, String storeIdentity, String[] views) {
    /** Stands for stores that differ, and equals none. */
    static final String MIXED = "";

    public StageProgress {
        Objects.requireNonNull(storeIdentity, "storeIdentity");
        Objects.requireNonNull(views, "views");
    }

    static StageProgress of(
            Map<Integer, Long> cut, long watermark, long attempt, String storeIdentity, Collection<String> views) {
        return new StageProgress(
                cut.keySet().stream().mapToInt(Integer::intValue).toArray(),
                cut.values().stream().mapToLong(Long::longValue).toArray(),
                watermark,
                attempt,
                storeIdentity,
                views.stream().sorted().toArray(String[]::new));
    }

    /** Those of the given views whose states do not contain the cut. */
    Set<String> missing(Collection<String> wanted) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(Set.of(views));
        return missing;
    }

    /** The cut by partition. */
    Map<Integer, Long> cut() {
        Map<Integer, Long> cut = new TreeMap<>();
        for (int i = 0; i < partitions.length; i++) {
            cut.put(partitions[i], nextOffsets[i]);
        }
        return cut;
    }

    /**
     * What is true of all key groups together: the smallest offsets (a partition that one did not know is dropped), the
     * greatest watermark (any of them may have freed state), the greatest attempt, the store if all agree, the views that
     * all have.
     */
    StageProgress merge(StageProgress that) {
        Map<Integer, Long> cut = cut();
        Map<Integer, Long> other = that.cut();
        Set<Integer> common = new HashSet<>(cut.keySet());
        common.retainAll(other.keySet());
        cut.keySet().retainAll(common);
        cut.replaceAll((partition, offset) -> Math.min(offset, Objects.requireNonNull(other.get(partition))));
        return of(
                cut,
                Math.max(watermark, that.watermark),
                Math.max(attempt, that.attempt),
                storeIdentity.equals(that.storeIdentity) ? storeIdentity : MIXED,
                common(views, that.views));
    }

    private static Set<String> common(String[] some, String[] others) {
        Set<String> common = new TreeSet<>(Set.of(some));
        common.retainAll(Set.of(others));
        return common;
    }

    @Override
    public String toString() {
        return "StageProgress[partitions=" + Arrays.toString(partitions) + ", nextOffsets="
                + Arrays.toString(nextOffsets) + ", watermark=" + watermark + ", attempt=" + attempt
                + ", storeIdentity=" + storeIdentity + ", views="
                + Arrays.toString(views) + "]";
    }
}
