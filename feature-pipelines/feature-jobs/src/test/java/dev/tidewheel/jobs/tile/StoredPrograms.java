package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a store holds at rest, against the oracle. */
public final class StoredPrograms {
    /** Of all views of random programs. */
    public static final long LINEAGE = 5;

    private StoredPrograms() {}

    /** Where what is stored differs from the oracle: in a count, a status, a value. */
    public static Optional<String> difference(RandomProgram program, FeatureReader store, Programs.Met met) {
        for (ViewPlan plan : program.plans()) {
            Map<String, List<Change>> byKey = RandomProgram.byKey(plan, program.arrivals());
            for (Map.Entry<String, List<Change>> key : byKey.entrySet()) {
                NaiveOracle oracle = new NaiveOracle(plan, key.getValue());
                Optional<String> difference = difference(program, plan, stored(store, plan, key.getKey()), oracle, met);
                if (difference.isPresent()) {
                    return Optional.of(plan.spec().name() + ", key " + key.getKey() + ": " + difference.get());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> difference(
            RandomProgram program, ViewPlan plan, KeyState state, NaiveOracle oracle, Programs.Met met) {
        for (Disposition disposition : Disposition.values()) {
            if (state.count(disposition) != oracle.count(disposition)) {
                return Optional.of(state.count(disposition) + " are " + disposition + ", the oracle has "
                        + oracle.count(disposition));
            }
        }
        for (long t : program.moments()) {
            FeatureValues values = state.read(t);
            if (t < state.foldedThrough()) {
                assertThat(values.statuses()).containsOnly(Status.READ_POINT_PASSED.code());
                continue;
            }
            met.compared(values);
            Optional<String> difference = Programs.difference(plan, oracle.valuesAt(t), values);
            if (difference.isPresent()) {
                return Optional.of("at " + t + " " + difference.get());
            }
        }
        return Optional.empty();
    }

    /** What a store has of a key. */
    static KeyState stored(FeatureReader store, ViewPlan plan, String key) {
        ViewKey wanted = new ViewKey(plan.spec().name(), LINEAGE, key);
        StoredState state =
                store.read(List.of(wanted)).toCompletableFuture().join().get(0);
        assertThat(state).as("%s in the store", wanted).isNotNull();
        return KeyState.decode(plan, state.base(), state.head());
    }
}
