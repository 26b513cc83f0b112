package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.records.Definition;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares definitions with those in force. A view that changes, or whose source changes, gets a new lineage: its stored
 * values are of another kind, and versions are never compared across lineages.
 *
 * @param changes in the order in which they have to be published
 */
public record ApplyPlan(List<PlannedChange> changes) {
    private static final long FIRST_LINEAGE = 1;

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
        boolean isView = entry.kind().equals(Kind.FEATURE_VIEW.word());
        if (current == null) {
            return new PlannedChange(entry, Action.ADD, isView ? FIRST_LINEAGE : 0);
        }
        if (current.getHash().equals(entry.hash())) {
            return new PlannedChange(entry, Action.KEEP, current.getLineage());
        }
        return new PlannedChange(entry, Action.CHANGE, isView ? current.getLineage() + 1 : 0);
    }
}
