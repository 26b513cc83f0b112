package dev.tidewheel.history.oracle;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.served.Cut;
import dev.tidewheel.history.source.ChangeHistory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The naive oracle over some changes of one key, asked with a cut. Immutable and thread-safe. */
public final class KeyOracle {
    private final ViewPlan plan;
    private final int[] changes;
    private final int[] partitions;
    private final long[] offsets;
    private final NaiveOracle oracle;

    /**
     * @param changes as numbers of the history, in its order
     */
    public KeyOracle(ViewPlan plan, ChangeHistory history, int[] changes) {
        this.plan = plan;
        this.changes = changes.clone();
        this.partitions = IntStream.of(changes).map(history::partition).toArray();
        this.offsets = IntStream.of(changes).mapToLong(history::offset).toArray();
        List<Change> rows = Arrays.stream(changes).mapToObj(history::change).toList();
        this.oracle = new NaiveOracle(plan, rows);
    }

    /** What a key that the store has seen ought to have at t. */
    public FeatureValues read(Cut cut, long t) {
        return oracle.valuesAt(t, index -> cut.contains(partitions[index], offsets[index]));
    }

    /** What a key that the store has not seen ought to have. */
    public FeatureValues absent() {
        return KeyState.absent(plan);
    }

    public NaiveOracle naive() {
        return oracle;
    }

    /** The changes, as numbers of the history: the places that the oracle counts by. */
    public int[] changes() {
        return changes.clone();
    }
}
