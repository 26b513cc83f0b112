package dev.tidewheel.history.books;

import dev.tidewheel.feature.oracle.Agreement;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.oracle.KeyOracle;
import dev.tidewheel.history.served.ValueText;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import dev.tidewheel.history.source.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * At rest, every key in the store equals the naive oracle: no key is missing, none is there that should not be, no value
 * differs. For after a crash, when everything has caught up. Immutable and thread-safe.
 */
public final class StoreCheck {
    private static final int LISTED = 20;

    private final ViewPlan plan;
    private final ChangeHistory raw;
    private final Set<Position> freed;

    /**
     * @param raw every record of the view's source
     * @param freed places of changes that were refused because the memory of their time was freed
     */
    public StoreCheck(ViewPlan plan, ChangeHistory raw, Set<Position> freed) {
        this.plan = plan;
        this.raw = raw;
        this.freed = Set.copyOf(freed);
    }

    /** The states in the store, so that this module needs no client of it. */
    public interface States {
        /** All keys that the store has. */
        List<String> entities();

        /** The state of a key; empty if there is none. */
        Optional<KeyState> state(String entity);
    }

    /**
     * What was found.
     *
     * @param keys how many keys the raw table has with changes that were not all refused as freed
     * @param values how many values were compared
     * @param missing keys that the store lacks
     * @param superfluous keys that only the store has
     * @param different how many values differ
     * @param examples the first differences, for people
     */
    public record Outcome(
            long keys,
            long values,
            List<String> missing,
            List<String> superfluous,
            long different,
            List<String> examples) {
        public Outcome {
            missing = List.copyOf(missing);
            superfluous = List.copyOf(superfluous);
            examples = List.copyOf(examples);
        }

        /** Whether anything was compared: a check of nothing shows nothing. */
        public boolean isVacuous() {
            return values == 0;
        }

        /** Whether store and oracle are equal; false if nothing was compared. */
        public boolean isEqual() {
            return !isVacuous() && missing.isEmpty() && superfluous.isEmpty() && different == 0;
        }
    }

    /**
     * Compares every feature of every key.
     *
     * @param times at which to read, at least one; not before anything became visible that a state has folded
     * @throws IllegalArgumentException if there is no time to read at
     */
    public Outcome compare(States states, List<Long> times) {
        if (times.isEmpty()) {
            throw new IllegalArgumentException("nothing is compared without a time to read at");
        }
        KeyIndex keys = raw.keys(plan.spec().entity());
        TreeSet<String> superfluous = new TreeSet<>(states.entities());
        List<String> missing = new ArrayList<>();
        Differences differences = new Differences();
        long found = 0;
        for (int number = 0; number < keys.size(); number++) {
            String key = keys.key(number);
            int[] taken = IntStream.of(keys.changes(number))
                    .filter(change -> freed.isEmpty() || !freed.contains(raw.position(change)))
                    .toArray();
            if (taken.length == 0) {
                continue;
            }
            found++;
            superfluous.remove(key);
            Optional<KeyState> state = states.state(key);
            if (state.isEmpty()) {
                missing.add(key);
            } else {
                compare(key, new KeyOracle(plan, raw, taken), state.get(), times, differences);
            }
        }
        return new Outcome(
                found,
                differences.values,
                missing,
                List.copyOf(superfluous),
                differences.different,
                differences.examples);
    }

    private void compare(String key, KeyOracle oracle, KeyState state, List<Long> times, Differences differences) {
        for (long t : times) {
            FeatureValues expected = oracle.naive().valuesAt(t);
            FeatureValues stored = state.read(t);
            for (int slot = 0; slot < plan.features().size(); slot++) {
                differences.values++;
                if (!Agreement.holds(plan, slot, stored, expected, slot)) {
                    differences.add(key, t, slot, stored, expected);
                }
            }
        }
    }

    private final class Differences {
        private final List<String> examples = new ArrayList<>();
        private long values;
        private long different;

        void add(String key, long t, int slot, FeatureValues stored, FeatureValues expected) {
            different++;
            if (examples.size() < LISTED) {
                Column column = plan.features().column(slot);
                examples.add(plan.spec().name() + " of " + key + " at " + t + ": " + column.name() + " is "
                        + ValueText.of(stored, slot, column.type()) + ", should be "
                        + ValueText.of(expected, slot, column.type()));
            }
        }
    }
}
