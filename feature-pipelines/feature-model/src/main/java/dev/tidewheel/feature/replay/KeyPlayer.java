package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One key of one view, played forward in time: changes are taken in the order in which they became visible, questions
 * are asked in between. Goes through the changes once, forward. Not thread-safe.
 *
 * <p>Of changes with one id the first that is neither late nor rejected counts, at the smallest moment at which any of
 * them is visible, because they come in that order.
 */
public abstract sealed class KeyPlayer permits ColumnarPlayer, StatePlayer {
    private final FeatureValues absent;
    private final KeyBlock changes;
    private final Set<Identity> counted = new HashSet<>();
    private int next;
    private long reached = Long.MIN_VALUE;
    private long lastAsked = Long.MIN_VALUE;
    private @Nullable FeatureValues last;

    /** An addition and its retraction have one id, but neither repeats the other. */
    private record Identity(boolean retraction, EventId id) {}

    /**
     * @param absent what a key that was never seen has
     */
    KeyPlayer(FeatureValues absent, KeyBlock changes) {
        this.absent = absent;
        this.changes = changes;
    }

    /**
     * The values of all features; not to be changed, because who asks the same again gets the same.
     *
     * @param t the moment asked, not before any moment asked earlier
     * @param visibleThrough changes that became visible later are left out; not after t
     * @throws IllegalArgumentException if t lies before what was taken or asked
     */
    public final FeatureValues read(long t, long visibleThrough) {
        if (t < visibleThrough || t < reached) {
            throw new IllegalArgumentException("asked at " + t + " with changes through " + visibleThrough + ", after "
                    + reached + " was reached: a key is only played forward");
        }
        reach(t);
        advance(visibleThrough);
        reached = t;
        FeatureValues values = last;
        if (values == null || t != lastAsked) {
            values = next == 0 ? absent : valuesAt(t);
            last = values;
            lastAsked = t;
        }
        return values;
    }

    /** Takes all changes that became visible by then. */
    public final void advance(long visibleThrough) {
        while (next < changes.size() && changes.visibleAt(next) <= visibleThrough) {
            take(next++);
            last = null;
        }
        reached = Math.max(reached, visibleThrough);
    }

    private void take(int number) {
        if (!changes.sharesId(number)) {
            route(number, false);
            return;
        }
        Identity identity = new Identity(changes.isRetraction(number), changes.id(number));
        Disposition disposition = route(number, counted.contains(identity));
        if (disposition == Disposition.APPLIED || disposition == Disposition.FILTERED) {
            counted.add(identity);
        }
    }

    /** No question is asked about an earlier time any more: said before the changes that were visible by then are taken. */
    abstract void reach(long t);

    /** Takes a change; {@code duplicate} says whether one of equal id was applied or filtered. */
    abstract Disposition route(int number, boolean duplicate);

    /** The values by what was taken so far, all of which is visible at {@code t}. */
    abstract FeatureValues valuesAt(long t);
}
