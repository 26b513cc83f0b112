package dev.tidewheel.history.oracle;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * One view as the oracle sees it: raw changes by key, and how far back the features that a service reads look.
 * Thread-safe.
 */
public final class ViewOracle {
    private final ViewPlan plan;
    private final ChangeHistory history;
    private final KeyIndex keys;
    private final long lookBack;
    private final Map<String, KeyChanges> changes = new ConcurrentHashMap<>();

    public ViewOracle(ViewRead read, ChangeHistory history) {
        this.plan = read.view();
        this.history = history;
        this.keys = history.keys(plan.spec().entity());
        this.lookBack = lookBack(read);
    }

    public ChangeHistory history() {
        return history;
    }

    public KeyChanges changes(String key) {
        return changes.computeIfAbsent(key, unseen -> new KeyChanges(history, keys.changes(keys.number(unseen))));
    }

    /** All changes of a key as numbers of the history, in its order. */
    public IntStream changesOf(String key) {
        return IntStream.of(keys.changes(keys.number(key)));
    }

    /**
     * An oracle for reads of a key at times in [first, last]. Only the features that the service reads come out right:
     * the others may look further back.
     */
    public KeyOracle oracle(String key, long first, long last) {
        long from = lookBack == Long.MAX_VALUE ? Long.MIN_VALUE : first - lookBack;
        return new KeyOracle(plan, history, changes(key).within(from, last));
    }

    private static long lookBack(ViewRead read) {
        long longest = 0;
        for (int slot : read.features()) {
            FeatureSpec feature = read.view().spec().features().get(slot);
            if (!(feature.window() instanceof Window.Sliding sliding)) {
                return Long.MAX_VALUE;
            }
            longest = Math.max(longest, sliding.lengthMillis() + sliding.resolutionMillis());
        }
        return longest;
    }
}
