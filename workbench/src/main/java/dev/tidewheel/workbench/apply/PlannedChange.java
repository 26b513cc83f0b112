package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import java.util.List;
import java.util.Objects;

/**
 * What applying one definition would do.
 *
 * @param entry the definition
 * @param action what would happen to it
 * @param lineage for a view, the lineage that it has then; 0 for everything else
 * @param computes lineages to be recorded before the definition is published: the view's own, or those of a source whose
 *     declaration is renewed
 * @param drops lineages that nobody has ever computed and nobody needs
 * @param reasons for people: what is different, what is waited for
 */
public record PlannedChange(
        RegistryEntry entry,
        Action action,
        long lineage,
        List<ViewLineage> computes,
        List<ViewLineage> drops,
        List<String> reasons) {
    public PlannedChange {
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(action, "action");
        computes = List.copyOf(computes);
        drops = List.copyOf(drops);
        reasons = List.copyOf(reasons);
    }

    /** One that touches no lineage. */
    public PlannedChange(RegistryEntry entry, Action action, long lineage, String... reasons) {
        this(entry, action, lineage, List.of(), List.of(), List.of(reasons));
    }

    /** Whether what it is about is not in force afterwards as it is written. */
    public boolean waits() {
        return action == Action.BEGIN || action == Action.WAIT || action == Action.HOLD;
    }

    /** Whether the definition itself is published. */
    boolean publishes() {
        return action == Action.ADD || action == Action.CHANGE || action == Action.SWITCH;
    }

    /** What would happen. */
    public enum Action {
        /** It is not in force yet, and will be. */
        ADD,
        /** Another version of it is in force; this one will be. A view keeps its lineage, or nothing was computed yet. */
        CHANGE,
        /** It is in force as it is. */
        KEEP,
        /** A new lineage of the view will be computed from the job's next start on; readers stay with the old one. */
        BEGIN,
        /** Its lineage is computed and has not caught up: readers stay with the old one. */
        WAIT,
        /** Its lineage has caught up: readers will use it. */
        SWITCH,
        /** It refers to something that is not in force yet, or cannot come into force: nothing happens. */
        HOLD
    }
}
