package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Promise;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What {@link KeyState} knows about a key, for changes that come in the order in which they become visible and questions
 * that come in the order of time: the same values, to the bit, for a fraction of the work. Nothing has to wait raw, and
 * a window moves forward only: a total is kept per window where the partial can take a tile out again, else its tiles are
 * merged at the question. Where a partial is numbers that add up, no accumulator is made before a question. Mutable, not thread-safe.
 */
public final class RollingState {
    private static final EventId ANY_ID = EventId.of(0);

    private final Kind kind;
    private final BlockInputs inputs;
    private final List<ChangeTerms> terms;
    private final RollingTier[] tiers;

    /** Those partials of a tier that are numbers, or those that are not, with the windows that ask for them. */
    private record Half(Tier tier, boolean numbers, List<Tier.Slot> slots, List<Window> windows) {
        boolean isOf(Tier that, boolean ofNumbers) {
            return tier == that && numbers == ofNumbers;
        }

        RollingTier start(List<ChangeTerms> terms, List<List<Tier.Slot>> termsOf) {
            return numbers
                    ? new RollingNumbers(tier, slots, windows, terms.get(termsOf.indexOf(slots)))
                    : new RollingObjects(tier, slots, windows);
        }
    }

    /** Where a cell's value is, all by number. */
    private record Place(int half, int window, int partial) {}

    /** Makes the states of one view. Immutable and thread-safe. */
    public static final class Kind {
        private final ViewPlan plan;
        private final BlockInputs.Recipe recipe;
        private final boolean readsIds;
        private final List<Half> halves = new ArrayList<>();
        private final Place[] places; // by cell
        private final List<List<Tier.Slot>> termsOf; // what is read of a change as terms, each once

        private Kind(ViewPlan plan) {
            this.plan = plan;
            this.recipe = BlockInputs.Recipe.of(plan);
            this.readsIds = plan.tiers().stream()
                    .flatMap(tier -> tier.partials().stream())
                    .anyMatch(slot -> slot.partial().readsIds());
            this.places = plan.cells().stream().map(this::place).toArray(Place[]::new);
            this.termsOf = halves.stream()
                    .filter(Half::numbers)
                    .map(Half::slots)
                    .distinct()
                    .toList();
        }

        private Place place(ViewPlan.Cell cell) {
            Tier tier = plan.tiers().get(cell.tier());
            Tier.Slot slot = tier.partials().get(cell.partial());
            boolean numbers = RollingNumbers.hold(slot);
            int half = 0;
            while (half < halves.size() && !halves.get(half).isOf(tier, numbers)) {
                half++;
            }
            if (half == halves.size()) {
                halves.add(new Half(tier, numbers, new ArrayList<>(), new ArrayList<>()));
            }
            return new Place(
                    half, number(halves.get(half).windows, cell.window()), number(halves.get(half).slots, slot));
        }

        /** Where it stands in a list, behind the others if it was not there. */
        private static <T> int number(List<T> among, T wanted) {
            if (!among.contains(wanted)) {
                among.add(wanted);
            }
            return among.indexOf(wanted);
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
        this.terms = kind.termsOf.stream().map(ChangeTerms::new).toList();
        this.tiers = new RollingTier[kind.halves.size()];
        Arrays.setAll(tiers, half -> kind.halves.get(half).start(terms, kind.termsOf));
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
            long visibleAt = changes.visibleAt(number);
            for (int i = 0; i < terms.size(); i++) {
                terms.get(i).read(counts.inputs(), retraction);
            }
            for (RollingTier tier : tiers) {
                tier.apply(counts.inputs(), retraction, eventTime, visibleAt, id);
            }
            return Disposition.APPLIED;
        }
        return Disposition.FILTERED;
    }

    /**
     * Says that nobody asks about an earlier time any more, so that changes that no window holds from then on cost next to
     * nothing.
     *
     * @param t which is not before a time reached earlier, but may be ahead of the changes
     */
    public void reach(long t) {
        for (RollingTier tier : tiers) {
            tier.advance(t);
        }
    }

    /**
     * The value of every feature by the changes taken so far.
     *
     * @param t not before any of them is visible, and not before a time read earlier
     */
    public FeatureValues read(long t) {
        ViewPlan plan = kind.plan;
        reach(t);
        Merged[] cells = new Merged[plan.cells().size()];
        Arrays.setAll(cells, this::cell);
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

    private Merged cell(int number) {
        Place place = kind.places[number];
        RollingTier tier = tiers[place.half];
        return new Merged(
                tier.total(place.window, place.partial),
                tier.extent(place.window).at());
    }
}
