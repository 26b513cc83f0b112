package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares definitions with those in force. A view that changes, or whose source changes (its hash covers the source),
 * gets a new lineage: its stored values are of another kind, and versions are never compared across lineages.
 *
 * <p>No lineage is given out twice, even if the view was removed in between and what it had stored is still there: the
 * registry holds the newest lineage of every view that ever was, under the kind {@link #LINEAGE}.
 *
 * @param changes in the order in which they have to be published
 */
public record ApplyPlan(List<PlannedChange> changes) {
    /** The kind under which the registry remembers the newest lineage of a view; never removed. */
    public static final String LINEAGE = "Lineage";

    public ApplyPlan {
        changes = List.copyOf(changes);
    }

    /**
     * @param entries the definitions, those first that others refer to
     * @param inForce the registry, by kind/name
     */
    public static ApplyPlan of(List<RegistryEntry> entries, Map<String, Definition> inForce) {
        return new ApplyPlan(
                entries.stream().map(entry -> change(entry, inForce)).toList());
    }

    /** Whether applying would do nothing. */
    public boolean isEmpty() {
        return changes.stream().allMatch(change -> change.action() == Action.KEEP);
    }

    private static PlannedChange change(RegistryEntry entry, Map<String, Definition> inForce) {
        @Nullable Definition current = inForce.get(entry.key());
        if (current != null && current.getHash().equals(entry.hash())) {
            return new PlannedChange(entry, Action.KEEP, current.getLineage());
        }
        Action action = current == null ? Action.ADD : Action.CHANGE;
        boolean isView = entry.kind().equals(Kind.FEATURE_VIEW.word());
        return new PlannedChange(entry, action, isView ? newest(entry, inForce) + 1 : 0);
    }

    /** The newest lineage that a view ever had; 0 if there was never such a view. */
    private static long newest(RegistryEntry view, Map<String, Definition> inForce) {
        return Stream.of(view.key(), Registry.key(LINEAGE, view.name()))
                .map(inForce::get)
                .filter(Objects::nonNull)
                .mapToLong(Definition::getLineage)
                .max()
                .orElse(0);
    }
}
