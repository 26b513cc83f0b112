package dev.tidewheel.history.oracle;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
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
    private final int[] channels;
    private final long[] offsets;
    private final long[] visibleAt;
    private final NaiveOracle oracle;

    /**
     * @param changes as numbers of the history, in its order
     */
    public KeyOracle(ViewPlan plan, ChangeHistory history, int[] changes) {
        this.plan = plan;
        this.changes = changes.clone();
        this.channels = IntStream.of(changes).map(history::channel).toArray();
        this.offsets = IntStream.of(changes).mapToLong(history::offset).toArray();
        this.visibleAt = IntStream.of(changes).mapToLong(history::visibleAt).toArray();
        List<Change> rows = Arrays.stream(changes).mapToObj(history::change).toList();
        this.oracle = new NaiveOracle(plan, rows);
    }

    /** What a key that the store has seen ought to have at t. */
    public FeatureValues read(Cut cut, long t) {
        return oracle.valuesAt(t, index -> cut.contains(channels[index], offsets[index]));
    }

    /** What a key that the store has not seen ought to have: the values of no changes, all NOT_FOUND. */
    public FeatureValues absent() {
        FeatureValues ofNothing = new NaiveOracle(plan, List.of()).valuesAt(0);
        Arrays.fill(ofNothing.statuses(), Status.NOT_FOUND.code());
        return ofNothing;
    }

    /** When the first change that counts became visible; {@link Long#MAX_VALUE} if none does. */
    public long firstApplied() {
        return IntStream.range(0, changes.length)
                .filter(place -> oracle.disposition(place) == Disposition.APPLIED)
                .mapToLong(place -> visibleAt[place])
                .min()
                .orElse(Long.MAX_VALUE);
    }

    public NaiveOracle naive() {
        return oracle;
    }

    /** The changes, as numbers of the history: the places that the oracle counts by. */
    public int[] changes() {
        return changes.clone();
    }
}
