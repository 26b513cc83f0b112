package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.RegistryEntry;
import java.util.Objects;

/**
 * What applying one definition would do.
 *
 * @param entry the definition
 * @param action what would happen to it
 * @param lineage for a view, the lineage that readers would use then; 0 for everything else
 */
public record PlannedChange(RegistryEntry entry, Action action, long lineage) {
    public PlannedChange {
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(action, "action");
    }

    /** Whether a lineage would come into use that never was. */
    boolean startsLineage() {
        return action != Action.KEEP && lineage > 0;
    }

    /** What would happen. */
    public enum Action {
        /** It is not in force yet. */
        ADD,
        /** Another version of it is in force. */
        CHANGE,
        /** It is in force as it is. */
        KEEP
    }
}
