package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Compares definitions with those in force. A view whose kept states would not give the new values gets a new lineage:
 * its stored values are of another kind, and versions are never compared across lineages.
 *
 * <p>Where no job has run yet, the new lineage is in force at once. Beside a job that runs, it is computed first, as part
 * of a new cohort, while readers stay with the old one; and whatever refers to the view is held back. Applying the same
 * definitions again, once the lineage has caught up, moves the readers. So applying is a level, not a command: it does
 * what can be done now.
 *
 * <p>No lineage is given out twice, even if the view was removed in between and what it had stored is still there: the
 * registry holds the newest lineage of every view that ever was, under the kind {@link #LINEAGE}.
 *
 * @param changes in the order in which they have to be published
 * @param absent what is in force and was not given, by kind/name; it stays
 */
public record ApplyPlan(List<PlannedChange> changes, List<String> absent) {
    /** The kind under which the registry remembers the newest lineage of a view; never removed. */
    public static final String LINEAGE = "Lineage";

    public ApplyPlan {
        changes = List.copyOf(changes);
        absent = List.copyOf(absent);
    }

    /**
     * A plan where no job has run.
     *
     * @param entries the definitions, those first that others refer to
     * @param inForce the registry, by kind/name
     */
    public static ApplyPlan of(List<RegistryEntry> entries, Map<String, Definition> inForce) {
        return of(entries, inForce, JobProgress.NONE);
    }

    /**
     * @param entries the definitions, those first that others refer to
     * @param inForce the registry, by kind/name
     * @param progress of the feature jobs
     */
    public static ApplyPlan of(List<RegistryEntry> entries, Map<String, Definition> inForce, JobProgress progress) {
        return new Planner(entries, inForce, progress).plan();
    }

    /** Whether applying would do nothing, and nothing is waited for. */
    public boolean isEmpty() {
        return changes.stream().allMatch(change -> change.action() == Action.KEEP);
    }

    /** Whether something will not be in force as it is written. */
    public boolean waits() {
        return changes.stream().anyMatch(PlannedChange::waits);
    }

    /** Whether applying would write something. */
    public boolean writes() {
        return changes.stream()
                .anyMatch(change -> change.publishes() || !change.computes().isEmpty());
    }

    /** The newest lineage that a view ever had; 0 if there was never such a view. */
    static long newest(String view, Map<String, Definition> inForce) {
        LongStream remembered = Stream.of(Registry.key("FeatureView", view), Registry.key(LINEAGE, view))
                .map(inForce::get)
                .filter(Objects::nonNull)
                .mapToLong(Definition::getLineage);
        LongStream computed = Stream.of(ViewLineages.computed(inForce), ViewLineages.retired(inForce))
                .flatMap(List::stream)
                .filter(lineage -> lineage.view().equals(view))
                .mapToLong(ViewLineage::lineage);
        return LongStream.concat(remembered, computed).max().orElse(0);
    }
}
