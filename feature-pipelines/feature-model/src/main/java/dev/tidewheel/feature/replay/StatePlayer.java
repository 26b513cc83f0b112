package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;

/**
 * Plays a key through the very state that serves, which is folded now and then, as in the stream: when it is folded never
 * changes a value. Plays every view. Not thread-safe.
 */
public final class StatePlayer extends KeyPlayer {
    private static final int FOLD_EVERY = 256;

    private final KeyBlock changes;
    private final KeyState state;

    public StatePlayer(ViewPlan plan, KeyBlock changes) {
        this(plan, KeyState.absent(plan), changes);
    }

    StatePlayer(ViewPlan plan, FeatureValues absent, KeyBlock changes) {
        super(absent, changes);
        this.changes = changes;
        this.state = new KeyState(plan);
    }

    /** The state as it stands. */
    public KeyState state() {
        return state;
    }

    /** The state keeps what it would keep while it serves. */
    @Override
    void reach(long t) {}

    @Override
    Disposition route(int number, boolean duplicate) {
        Disposition disposition = state.route(changes.change(number), duplicate);
        if ((number + 1) % FOLD_EVERY == 0) {
            state.fold();
        }
        return disposition;
    }

    @Override
    FeatureValues valuesAt(long t) {
        return state.read(t);
    }
}
