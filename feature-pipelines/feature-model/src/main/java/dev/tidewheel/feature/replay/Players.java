package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.RollingState;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.Optional;

/**
 * Makes the players of one view's keys: columnar ones where the view allows, else those that play through the state that
 * serves. Both give the same values, to the bit. Immutable and thread-safe.
 */
public final class Players {
    private final ViewPlan plan;
    private final Optional<RollingState.Kind> columnar;
    private final FeatureValues absent;

    public Players(ViewPlan plan) {
        this.plan = plan;
        this.columnar = RollingState.Kind.of(plan);
        this.absent = KeyState.absent(plan);
    }

    /** What a key that was never seen has; not to be changed. */
    public FeatureValues absent() {
        return absent;
    }

    /** Whether the view's keys are played from columns. */
    boolean isColumnar() {
        return columnar.isPresent();
    }

    /** A player of a key, before its first change. */
    public KeyPlayer of(KeyBlock changes) {
        return columnar.isPresent()
                ? new ColumnarPlayer(columnar.get(), absent, changes)
                : new StatePlayer(plan, absent, changes);
    }
}
