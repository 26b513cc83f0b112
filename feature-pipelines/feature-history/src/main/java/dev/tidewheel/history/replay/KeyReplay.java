package dev.tidewheel.history.replay;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.source.ChangeHistory;
import java.util.HashSet;
import java.util.Set;

/**
 * One key of one view, played forward in time. Changes go through {@link KeyState} in the order in which they became
 * visible, folded when the state asks for it, as in the stream. Not thread-safe.
 */
public final class KeyReplay {
    private final ViewPlan plan;
    private final ChangeHistory history;
    private final int[] changes;
    private final KeyState state;
    private final Set<EventId> counted = new HashSet<>();
    private int next;

    /**
     * @param changes the key's changes, as numbers of the history and in its order
     */
    public KeyReplay(ViewPlan plan, ChangeHistory history, int[] changes) {
        this.plan = plan;
        this.history = history;
        this.changes = changes.clone();
        this.state = new KeyState(plan);
    }

    /**
     * The values of all features.
     *
     * @param t the moment asked, not before any moment asked earlier
     * @param visibleThrough changes that became visible later are left out; not after t
     */
    public FeatureValues read(long t, long visibleThrough) {
        advance(visibleThrough);
        return next == 0 ? KeyState.absent(plan) : state.read(t);
    }

    /** Takes all changes that became visible by then. */
    public void advance(long visibleThrough) {
        while (next < changes.length && history.visibleAt(changes[next]) <= visibleThrough) {
            route(changes[next++]);
        }
    }

    /** Takes all changes. */
    public KeyState finish() {
        advance(Long.MAX_VALUE);
        return state;
    }

    /** The state as it stands. */
    public KeyState state() {
        return state;
    }

    private void route(int number) {
        Change change = history.change(number);
        boolean sharesId = history.sharesId(number);
        Disposition disposition = state.route(change, sharesId && counted.contains(change.id()));
        if (sharesId && (disposition == Disposition.APPLIED || disposition == Disposition.FILTERED)) {
            counted.add(change.id());
        }
        if (state.shouldFold()) {
            state.fold();
        }
    }
}
