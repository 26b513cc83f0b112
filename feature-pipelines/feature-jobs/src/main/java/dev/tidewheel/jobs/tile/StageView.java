package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.view.ViewPlan;
import java.util.Objects;

/**
 * One view of a stage, ready to run.
 *
 * @param plan the compiled view
 * @param lineage from the registry
 */
public record StageView(ViewPlan plan, long lineage) {
    public StageView {
        Objects.requireNonNull(plan, "plan");
    }

    /** The view's name. */
    public String name() {
        return plan.spec().name();
    }

    /** Names the view's states: a new lineage starts from nothing. */
    String stateName() {
        return name() + "@" + lineage;
    }
}
