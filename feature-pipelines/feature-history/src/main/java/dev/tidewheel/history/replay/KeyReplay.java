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
import org.jspecify.annotations.Nullable;

/**
 * One key of one view, played forward in time. Changes go through {@link KeyState} in the order in which they became
 * visible, and are folded now and then, as in the stream: when they are folded never changes a value. Not thread-safe.
 */
public final class KeyReplay {
    private static final int FOLD_EVERY = 256;

    private final ViewPlan plan;
    private final ChangeHistory history;
    private final int[] changes;
    private final KeyState state;
    private final Set<Identity> counted = new HashSet<>();
    private int next;
    private long lastAsked = Long.MIN_VALUE;
    private @Nullable FeatureValues last;

    /** An addition and its retraction have one id, but neither repeats the other. */
    private record Identity(boolean retraction, EventId id) {}

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
     * The values of all features; not to be changed, because who asks the same again gets the same.
     *
     * @param t the moment asked, not before any moment asked earlier
     * @param visibleThrough changes that became visible later are left out; not after t
     */
    public FeatureValues read(long t, long visibleThrough) {
        advance(visibleThrough);
        FeatureValues values = last;
        if (values == null || t != lastAsked) {
            values = next == 0 ? KeyState.absent(plan) : state.read(t);
            last = values;
            lastAsked = t;
        }
        return values;
    }

    /** Takes all changes that became visible by then. */
    public void advance(long visibleThrough) {
        while (next < changes.length && history.visibleAt(changes[next]) <= visibleThrough) {
            route(changes[next++]);
            last = null;
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
        take(change, history.sharesId(number));
        if (next % FOLD_EVERY == 0) {
            state.fold();
        }
    }

    /**
     * Takes a change.
     *
     * @param sharesId whether another change may have its id
     */
    void take(Change change, boolean sharesId) {
        Identity identity = new Identity(change.retraction(), change.id());
        Disposition disposition = state.route(change, sharesId && counted.contains(identity));
        if (sharesId && (disposition == Disposition.APPLIED || disposition == Disposition.FILTERED)) {
            counted.add(identity);
        }
    }
}
