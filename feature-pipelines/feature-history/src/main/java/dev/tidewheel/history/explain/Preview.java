package dev.tidewheel.history.explain;

import dev.tidewheel.feature.replay.StatePlayer;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.view.Explanation;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.oracle.KeyChanges;
import dev.tidewheel.history.served.ValueText;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A view's values for one key over time, each as serving would have given it then, and why a value is null. */
public final class Preview {
    private final ViewPlan plan;
    private final ChangeHistory history;
    private final KeyIndex keys;

    /**
     * The values at one moment.
     *
     * @param t the moment
     * @param values by feature, as text; {@code null} where there is none
     * @param reasons by feature, one sentence for every value that is null
     */
    public record Point(Instant t, Map<String, String> values, Map<String, String> reasons) {}

    public Preview(ViewPlan plan, ChangeHistory history) {
        this.plan = plan;
        this.history = history;
        this.keys = history.keys(plan.spec().entity());
    }

    /** The keys that have any changes. */
    public List<String> keys() {
        return keys.keys();
    }

    /**
     * The values from one moment to another.
     *
     * @param from the first moment
     * @param to the last, if the steps meet it
     * @throws IllegalArgumentException if the step is not positive
     */
    public List<Point> series(String key, Instant from, Instant to, Duration step) {
        if (step.isZero() || step.isNegative()) {
            throw new IllegalArgumentException("a step forward is needed, got " + step);
        }
        int[] changes = keys.changes(keys.number(key));
        StatePlayer player = new StatePlayer(plan, history.block(changes));
        KeyChanges ofKey = new KeyChanges(history, changes);
        List<Point> points = new ArrayList<>();
        for (Instant t = from; !t.isAfter(to); t = t.plus(step)) {
            points.add(point(player, ofKey, t.toEpochMilli()));
        }
        return points;
    }

    private Point point(StatePlayer player, KeyChanges changes, long t) {
        FeatureValues values = player.read(t, t);
        Map<String, String> texts = new TreeMap<>();
        Map<String, String> reasons = new TreeMap<>();
        for (int slot = 0; slot < plan.features().size(); slot++) {
            Column column = plan.features().column(slot);
            texts.put(column.name(), ValueText.of(values.row(), slot, column.type()));
            if (values.row().isNull(slot)) {
                reasons.put(column.name(), reason(player.state(), changes, t, slot));
            }
        }
        return new Point(Instant.ofEpochMilli(t), texts, reasons);
    }

    /** Copies of one event are given whatever the window. */
    private boolean isInside(int change, long from, long t) {
        return history.eventTime(change) >= from && history.eventTime(change) < t;
    }

    /** Looks into the future of t, which serving cannot: what happened in the window and was not known yet. */
    private String reason(KeyState state, KeyChanges changes, long t, int slot) {
        Explanation explanation = state.explain(t, slot);
        int[] unknown = IntStream.of(changes.within(explanation.from(), t))
                .filter(change -> isInside(change, explanation.from(), t) && history.visibleAt(change) > t)
                .toArray();
        Optional<Long> next = IntStream.of(unknown).mapToObj(history::visibleAt).min(Long::compare);
        return next.map(first -> explanation.reason() + "; " + unknown.length
                        + (unknown.length == 1 ? " event" : " events")
                        + " of the window not known yet, the first became known at "
                        + Instant.ofEpochMilli(first))
                .orElse(explanation.reason());
    }
}
