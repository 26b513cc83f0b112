package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChangedKeysTest {
    private static final FlushLimits NO_LIMITS = new FlushLimits(1_000, 1L << 40, 1_000, 10);
    private static final FlushId FLUSH = new FlushId(1, 0, 1);

    private final Counting states = new Counting();
    private final Random random = new Random(3);
    private long id;

    @Test
    void aKeyThatChangesOnceIsSavedAtOnce() throws Exception {
        ChangedKeys changed = changed(NO_LIMITS);
        change(changed, "a");

        assertThat(states.loads).isEqualTo(1);
        assertThat(states.saves).isEqualTo(1);
        assertThat(changed.take()).hasSize(1);
        assertThat(states.saves).isEqualTo(1);
        assertThat(changed.isEmpty()).isTrue();
    }

    @Test
    void aKeyThatChangesOftenInARoundIsDecodedAndEncodedTwice() throws Exception {
        ChangedKeys changed = changed(NO_LIMITS);
        for (int i = 0; i < 9; i++) {
            change(changed, "a");
            changed.endRoundIfFull();
        }
        assertThat(states.loads).isEqualTo(2);
        assertThat(states.saves).as("it is open").isEqualTo(1);

        change(changed, "b");
        changed.endRoundIfFull();
        assertThat(states.saves).as("the tenth change ends the round").isEqualTo(3);
    }

    @Test
    void aKeyThatChangesAgainInAnotherRoundIsSavedAtOnce() throws Exception {
        ChangedKeys changed = changed(new FlushLimits(1_000, 1L << 40, 1_000, 2));
        for (String key : List.of("a", "b", "a", "b", "a", "b")) {
            change(changed, key);
            changed.endRoundIfFull();
        }

        assertThat(states.loads).isEqualTo(6);
        assertThat(states.saves).isEqualTo(6);
        assertThat(changed.size()).isEqualTo(2);
    }

    @Test
    void manyKeysOrManyBytesAreFull() throws Exception {
        ChangedKeys few = changed(new FlushLimits(2, 1L << 40, 1_000, 10));
        change(few, "a");
        assertThat(few.isFull()).isFalse();
        change(few, "b");
        assertThat(few.isFull()).isTrue();

        ChangedKeys large = changed(new FlushLimits(1_000, 1, 1_000, 10));
        change(large, "c");
        assertThat(large.isFull()).isTrue();
        large.take();
        assertThat(large.isFull()).isFalse();
    }

    @Test
    void theBytesOfAKeyCountOnce() throws Exception {
        ChangedKeys changed = changed(new FlushLimits(1_000, 1L << 40, 1_000, 1));
        for (int i = 0; i < 50; i++) {
            change(changed, ModelLog.key(random));
            changed.endRoundIfFull();
        }
        long held = changed.bytes();

        assertThat(changed.take().stream().mapToLong(ChangedKey::bytes).sum())
                .isEqualTo(held)
                .isPositive();
    }

    /** Whatever the rounds, and whenever all is taken: what was taken last of a key, and what is saved, has all changes. */
    @Test
    void whatIsTakenHasAllChanges() throws Exception {
        for (int round = 1; round < 12; round++) {
            Counting saved = new Counting();
            ChangedKeys changed =
                    new ChangedKeys(saved, ModelLog.VIEWS.size(), new FlushLimits(100, 1L << 40, 100, round));
            Map<ViewKey, StoredState> taken = new HashMap<>();
            Map<String, List<Change>> byKey = new TreeMap<>();
            for (int step = 0; step < 300; step++) {
                String key = ModelLog.key(random);
                Change change = event();
                byKey.computeIfAbsent(key, none -> new ArrayList<>()).add(change);
                apply(saved, changed, key, change);
                changed.endRoundIfFull();
                if (random.nextInt(20) == 0) {
                    taken.putAll(take(changed));
                }
            }
            taken.putAll(take(changed));
            check(taken, byKey, round);
            checkSaved(saved, taken);
        }
    }

    private static void check(Map<ViewKey, StoredState> taken, Map<String, List<Change>> byKey, int round) {
        byKey.forEach((key, changes) -> {
            for (StageView view : ModelLog.VIEWS) {
                StoredState stored = taken.get(new ViewKey(view.name(), view.lineage(), key));
                KeyState state = KeyState.decode(view.plan(), stored.base(), stored.head());
                long t = Math.max(ModelLog.visible(changes), state.foldedThrough());
                assertThat(state.read(t).row())
                        .as("%s of %s, rounds of %d", key, view.name(), round)
                        .isEqualTo(new NaiveOracle(view.plan(), changes)
                                .valuesAt(t)
                                .row());
                assertThat(stored.version()).isEqualTo(ModelLog.version(changes));
            }
        });
    }

    private static void checkSaved(Counting saved, Map<ViewKey, StoredState> taken) {
        ChangedKeys all = new ChangedKeys(saved, ModelLog.VIEWS.size(), NO_LIMITS);
        ModelLog.KEYS.forEach(key -> {
            try {
                saved.select(key);
                all.add(key);
                take(all).forEach((of, state) -> {
                    assertThat(state.version()).isEqualTo(taken.get(of).version());
                    assertThat(state.head()).isEqualTo(taken.get(of).head());
                    assertThat(state.base()).isEqualTo(taken.get(of).base());
                });
            } catch (Exception e) {
                throw new AssertionError(key, e);
            }
        });
    }

    private static Map<ViewKey, StoredState> take(ChangedKeys changed) throws Exception {
        Map<ViewKey, StoredState> batch = new LinkedHashMap<>();
        changed.take().forEach(key -> key.addTo(batch, ModelLog.VIEWS, FLUSH));
        return batch;
    }

    private ChangedKeys changed(FlushLimits limits) {
        return new ChangedKeys(states, ModelLog.VIEWS.size(), limits);
    }

    private void change(ChangedKeys changed, String key) throws Exception {
        apply(states, changed, key, event());
    }

    private Change event() {
        long known = 978_307_200_000L + 60_000 * id;
        EventId event = EventId.of(id++);
        return new Change(
                false, event, ModelLog.eventTime(random, known), known, ModelLog.row(random, event.toString()));
    }

    private static void apply(KeyedStage.States states, ChangedKeys changed, String key, Change change)
            throws Exception {
        states.select(key);
        changed.change(key, entry -> {
            for (int view = 0; view < ModelLog.VIEWS.size(); view++) {
                entry.route(view, change, false);
            }
            return key;
        });
    }

    /** Keyed states in maps that count what is asked of them. */
    private static final class Counting implements KeyedStage.States {
        private final ModelStates kept = new ModelStates();
        private int loads;
        private int saves;

        @Override
        public void select(String key) {
            kept.select(key);
        }

        @Override
        public KeyEntry load(String key) {
            loads++;
            return kept.load(key);
        }

        @Override
        public void save(int view, KeyEntry.Encoded encoded) {
            saves += view == 0 ? 1 : 0;
            kept.save(view, encoded);
        }

        @Override
        public void clear() {
            kept.clear();
        }

        @Override
        public void forEachKey(KeyedStage.KeyVisitor visitor) throws Exception {
            kept.forEachKey(visitor);
        }

        @Override
        public long forget(String stateName) {
            return kept.forget(stateName);
        }
    }
}
