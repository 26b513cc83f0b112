package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link KeyState} knows about a key, for changes that come in the order in which they become visible and questions
 * that come in the order of time: the same values, to the bit, for a fraction of the work. Nothing has to wait raw, and
 * a window moves forward only: a total is kept per window where the partial can take a tile out again, else its tiles are
 * merged at the question. Mutable, not thread-safe.
 */
public final class RollingState {
    private static final EventId ANY_ID = EventId.of(0);

    private final Kind kind;
    private final BlockInputs inputs;
    private final List<RollingTier> tiers = new ArrayList<>();
    private final @Nullable RollingTotal[] totals; // by cell

    /** Makes the states of one view. Immutable and thread-safe. */
    public static final class Kind {
        private final ViewPlan plan;
        private final BlockInputs.Recipe recipe;
        private final boolean readsIds;

        private Kind(ViewPlan plan) {
            this.plan = plan;
            this.recipe = BlockInputs.Recipe.of(plan);
            this.readsIds = plan.tiers().stream()
                    .flatMap(tier -> tier.partials().stream())
                    .anyMatch(slot -> slot.partial().readsIds());
        }

        /**
         * Empty for a view that keeps rows or walks sessions, and for one with a partial that is only right within a
         * bound: there the order of merging shows in the bits.
         */
        public static Optional<Kind> of(ViewPlan plan) {
            return plan.cells().stream().allMatch(cell -> isTiled(plan, cell))
                    ? Optional.of(new Kind(plan))
                    : Optional.empty();
        }

        private static boolean isTiled(ViewPlan plan, ViewPlan.Cell cell) {
            boolean tiles = cell.window() instanceof Window.Sliding
                    || cell.window() instanceof Window.Hopping
                    || cell.window() instanceof Window.Lifetime;
            return tiles && plan.slot(cell).partial().promise() != Promise.BOUNDED;
        }

        /** An empty state. */
        public RollingState start() {
            return new RollingState(this);
        }
    }

    private RollingState(Kind kind) {
        this.kind = kind;
        this.inputs = new BlockInputs(kind.recipe);
        ViewPlan plan = kind.plan;
        this.totals = new RollingTotal[plan.cells().size()];
        for (int tier = 0; tier < plan.tiers().size(); tier++) {
            List<RollingTotal> ofTier = new ArrayList<>();
            for (int i = 0; i < totals.length; i++) {
                ViewPlan.Cell cell = plan.cells().get(i);
                Tier.Slot slot = plan.slot(cell);
                if (cell.tier() == tier && RollingTier.hasTotal(cell.window(), slot.partial())) {
                    RollingTotal total = new RollingTotal(cell.window(), cell.partial(), slot);
                    totals[i] = total;
                    ofTier.add(total);
                }
            }
            tiers.add(new RollingTier(plan.tiers().get(tier), ofTier));
        }
    }

    /**
     * Takes a change; see {@link KeyState#route}.
     *
     * @param number of the change, which is visible no earlier than those taken before
     */
    public Disposition route(KeyBlock changes, int number, boolean duplicate) {
        ViewPlan plan = kind.plan;
        long eventTime = changes.eventTime(number);
        long knownTime = changes.knownTime(number);
        boolean retraction = changes.isRetraction(number);
        if (Change.isLate(eventTime, knownTime, plan.spec().horizonMillis())) {
            return Disposition.LATE;
        }
        if (plan.refuses(retraction, eventTime, knownTime)) {
            return Disposition.REJECTED;
        }
        Evaluation evaluation = inputs.evaluate(changes, number);
        if (evaluation instanceof Evaluation.Failed) {
            return Disposition.REJECTED;
        }
        if (duplicate) {
            return Disposition.DUPLICATE; // What it repeats is visible already.
        }
        if (evaluation instanceof Evaluation.Counts counts) {
            EventId id = kind.readsIds ? changes.id(number) : ANY_ID;
            long visibleAt = Change.visibleAt(eventTime, knownTime);
            for (int tier = 0; tier < tiers.size(); tier++) {
                tiers.get(tier).apply(counts.inputs(), retraction, eventTime, visibleAt, id);
            }
            return Disposition.APPLIED;
        }
        return Disposition.FILTERED;
    }

    /**
     * The value of every feature by the changes taken so far.
     *
     * @param t not before any of them is visible, and not before a time read earlier
     */
    public FeatureValues read(long t) {
        ViewPlan plan = kind.plan;
        tiers.forEach(tier -> tier.advance(t));
        Merged[] cells = new Merged[totals.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(i, t);
        }
        int size = plan.finishes().size();
        Row values = new Row(size);
        byte[] statuses = new byte[size];
        for (int slot = 0; slot < size; slot++) {
            ViewPlan.Finish finish = plan.finishes().get(slot);
            statuses[slot] = cells[finish.cell()]
                    .finish(finish.aggregate(), values, slot)
                    .code();
        }
        return new FeatureValues(values, statuses);
    }

    private Merged cell(int number, long t) {
        ViewPlan.Cell cell = kind.plan.cells().get(number);
        Tier tier = kind.plan.tiers().get(cell.tier());
        Extent extent = Extent.of(tier, cell.window(), t);
        return new Merged(total(number, cell, extent), extent.at());
    }

    private Accumulator<?> total(int number, ViewPlan.Cell cell, Extent extent) {
        RollingTotal total = totals[number];
        if (total != null) {
            return total.held();
        }
        RollingTier tier = tiers.get(cell.tier());
        return cell.window() instanceof Window.Lifetime
                ? tier.whole(cell.partial())
                : tier.merged(cell.partial(), extent);
    }
}
