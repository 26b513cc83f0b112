package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.RollingState;

/**
 * Plays a key from the columns of its block: no objects per change, and totals that roll from question to question. Plays
 * what {@link RollingState.Kind#of} takes. Not thread-safe.
 */
final class ColumnarPlayer extends KeyPlayer {
    private final KeyBlock changes;
    private final RollingState state;

    ColumnarPlayer(RollingState.Kind kind, FeatureValues absent, KeyBlock changes) {
        super(absent, changes);
        this.changes = changes;
        this.state = kind.start();
    }

    @Override
    void reach(long t) {
        state.reach(t);
    }

    @Override
    Disposition route(int number, boolean duplicate) {
        return state.route(changes, number, duplicate);
    }

    @Override
    FeatureValues valuesAt(long t) {
        return state.read(t);
    }
}
