package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one key of a view tells the views that are chained to it, by its definition: for each applied change the values at
 * the moment when it, or the earliest of its copies, became visible. Immutable and thread-safe.
 */
public final class NaiveChangelog {
    private final List<Change> changes;
    private final NaiveOracle oracle;

    /**
     * One record.
     *
     * @param change what it tells of
     * @param visibleAt when
     * @param values of all features then
     */
    public record Told(Change change, long visibleAt, FeatureValues values) {}

    /**
     * @param changes as for the {@link NaiveOracle}
     */
    public NaiveChangelog(ViewPlan plan, List<Change> changes) {
        this.changes = List.copyOf(changes);
        this.oracle = new NaiveOracle(plan, changes);
    }

    /** All records, by visibility, then in the total order. */
    public List<Told> told() {
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            if (oracle.disposition(i) == Disposition.APPLIED) {
                long visibleAt = visibleAt(changes.get(i));
                told.add(new Told(changes.get(i), visibleAt, oracle.valuesAt(visibleAt)));
            }
        }
        told.sort(Comparator.comparingLong(Told::visibleAt)
                .thenComparingLong(each -> each.change.eventTime())
                .thenComparing(each -> each.change.id())
                .thenComparing(each -> each.change.retraction()));
        return told;
    }

    private long visibleAt(Change applied) {
        long earliest = applied.visibleAt();
        for (int i = 0; i < changes.size(); i++) {
            Change copy = changes.get(i);
            boolean same =
                    copy.retraction() == applied.retraction() && copy.id().equals(applied.id());
            if (same && oracle.disposition(i) == Disposition.DUPLICATE) {
                earliest = Math.min(earliest, Change.visibleAt(applied.eventTime(), copy.knownTime()));
            }
        }
        return earliest;
    }
}
