package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.chain.ChangelogRecords;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one key of a view tells the views that are chained to it, by its definition: for each applied change the values at
 * the moment when it, or the earliest of its copies, became visible. Immutable and thread-safe.
 */
public final class NaiveChangelog {
    private final List<Change> changes;
    private final NaiveOracle oracle;
    private final ChangelogRecords records;

    /**
     * One record.
     *
     * @param change what it tells of
     * @param visibleAt when
     * @param values of all features then
     * @param record what views that are chained see of it
     */
    public record Told(Change change, long visibleAt, FeatureValues values, Change record) {}

    /**
     * @param changes as for the {@link NaiveOracle}
     */
    public NaiveChangelog(ViewPlan plan, List<Change> changes) {
        this.changes = List.copyOf(changes);
        this.oracle = new NaiveOracle(plan, changes);
        this.records = new ChangelogRecords(plan);
    }

    /** All records of several keys as changes of a chained view's source, each key by visibility. */
    public static List<Change> records(ViewPlan plan, List<Change> changes) {
        Map<String, List<Change>> byKey = new TreeMap<>();
        for (Change change : changes) {
            plan.entityKey(change.row())
                    .ifPresent(key -> byKey.computeIfAbsent(key, unseen -> new ArrayList<>())
                            .add(change));
        }
        return byKey.values().stream()
                .flatMap(ofKey -> new NaiveChangelog(plan, ofKey).told().stream())
                .map(Told::record)
                .toList();
    }

    /** All records, by visibility, then in the total order. */
    public List<Told> told() {
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            if (oracle.disposition(i) == Disposition.APPLIED) {
                long visibleAt = visibleAt(changes.get(i));
                FeatureValues values = oracle.valuesAt(visibleAt);
                told.add(new Told(changes.get(i), visibleAt, values, records.of(changes.get(i), visibleAt, values)));
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
