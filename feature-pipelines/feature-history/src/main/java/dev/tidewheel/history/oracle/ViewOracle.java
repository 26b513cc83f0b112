package dev.tidewheel.history.oracle;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.history.served.Cut;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import dev.tidewheel.history.source.Position;
import java.util.Map;
import java.util.Set;
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
    private final Set<Position> freed;
    private final Map<String, KeyChanges> changes = new ConcurrentHashMap<>();

    /** Every change counts. */
    public ViewOracle(ViewRead read, ChangeHistory history) {
        this(read, history, Set.of());
    }

    /**
     * @param freed places of changes that were refused because they came after the memory of their time was freed
     */
    public ViewOracle(ViewRead read, ChangeHistory history, Set<Position> freed) {
        this.freed = Set.copyOf(freed);
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
        return new KeyOracle(plan, history, window(key, first, last));
    }

    /** The same as if the changes that were refused as freed had never been sent. */
    public KeyOracle oracleWithoutFreed(String key, long first, long last) {
        return new KeyOracle(plan, history, without(window(key, first, last)));
    }

    /** An oracle over everything that ever happened to a key, but for what was refused as freed. */
    public KeyOracle wholeWithoutFreed(String key) {
        return new KeyOracle(plan, history, without(changesOf(key).toArray()));
    }

    /** Whether a change of the key was refused as freed. */
    public boolean hasFreed(String key) {
        return !freed.isEmpty() && changesOf(key).anyMatch(this::isFreed);
    }

    /**
     * Whether a value at t may contain an event of an entity that was erased since, of whichever key: its cut has such a
     * record, and the view looks back to then. An event happens no later than its record comes, but for what the view lets
     * be ahead.
     */
    public boolean mayContainErased(Cut cut, long t) {
        return history.erased().entrySet().stream()
                .anyMatch(of -> cut.contains(of.getKey(), of.getValue().firstOffset())
                        && reaches(t, of.getValue().newestTimestamp()));
    }

    private boolean reaches(long t, long timestamp) {
        long ahead = plan.spec().futureLimitMillis();
        return lookBack == Long.MAX_VALUE || ahead == ViewSpec.NO_FUTURE_LIMIT || t - lookBack <= timestamp + ahead;
    }

    private int[] window(String key, long first, long last) {
        long from = lookBack == Long.MAX_VALUE ? Long.MIN_VALUE : first - lookBack;
        return changes(key).within(from, last);
    }

    private int[] without(int[] numbers) {
        return IntStream.of(numbers).filter(change -> !isFreed(change)).toArray();
    }

    private boolean isFreed(int change) {
        return !freed.isEmpty() && freed.contains(history.position(change));
    }

    private static long lookBack(ViewRead read) {
        long longest = 0;
        for (int slot : read.features()) {
            FeatureSpec feature = read.view().spec().features().get(slot);
            longest = Math.max(longest, feature.window().lookBackMillis());
        }
        return longest;
    }
}
