package dev.tidewheel.jobs.tile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Counts the keys and bytes of each view of a subtask as they are saved, by key group. Belongs to the subtask's thread;
 * metrics may read sums that are a moment old.
 */
final class StateSizes {

    private static final class OfView {
        private final long[] keys;
        private final long[] bytes;
        private long allKeys;
        private long allBytes;

        OfView(int keyGroups) {
            keys = new long[keyGroups];
            bytes = new long[keyGroups];
        }

        void add(int keyGroup, long moreKeys, long moreBytes) {
            keys[keyGroup] += moreKeys;
            bytes[keyGroup] += moreBytes;
            allKeys += moreKeys;
            allBytes += moreBytes;
        }
    }

    private final KeyGroupRange range;
    private final int maxParallelism;
    private final List<StageView> views;
    private final List<OfView> sizes = new ArrayList<>();

    /**
     * @param range the subtask's key groups
     * @param maxParallelism how many key groups there are
     */
    StateSizes(List<StageView> views, KeyGroupRange range, int maxParallelism) {
        this.views = List.copyOf(views);
        this.range = range;
        this.maxParallelism = maxParallelism;
        views.forEach(view -> sizes.add(new OfView(range.getNumberOfKeyGroups())));
    }

    /** Takes over what a checkpoint remembers of this subtask's key groups; of other views and groups nothing. */
    void restore(Iterable<ViewSize> remembered) {
        Map<String, OfView> byName = new HashMap<>();
        for (int view = 0; view < views.size(); view++) {
            byName.put(views.get(view).stateName(), sizes.get(view));
        }
        for (ViewSize size : remembered) {
            OfView view = byName.get(size.view());
            if (view != null && range.contains(size.keyGroup())) {
                view.add(size.keyGroup() - range.getStartKeyGroup(), size.keys(), size.bytes());
            }
        }
    }

    /**
     * A key's state has another size.
     *
     * @param before in bytes; negative if the view did not know the key
     */
    void changed(int view, String key, long before, long now) {
        sizes.get(view).add(keyGroup(key), before < 0 ? 1 : 0, now - Math.max(0, before));
    }

    /** A view knows a key no more, whose state had so many bytes. */
    void removed(int view, String key, long before) {
        sizes.get(view).add(keyGroup(key), -1, -before);
    }

    private int keyGroup(String key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism) - range.getStartKeyGroup();
    }

    /** For a checkpoint; key groups without keys are left out. */
    List<ViewSize> snapshot() {
        List<ViewSize> all = new ArrayList<>();
        for (int view = 0; view < views.size(); view++) {
            OfView size = sizes.get(view);
            for (int group = 0; group < size.keys.length; group++) {
                if (size.keys[group] > 0) {
                    all.add(new ViewSize(
                            views.get(view).stateName(),
                            range.getStartKeyGroup() + group,
                            size.keys[group],
                            size.bytes[group]));
                }
            }
        }
        return all;
    }

    long keys(int view) {
        return sizes.get(view).allKeys;
    }

    long bytes(int view) {
        return sizes.get(view).allBytes;
    }
}
