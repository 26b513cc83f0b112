package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Random programs through Flink's operator, with checkpoints, crashes and both state backends: what is stored is true. */
class ProgramsThroughOperatorTest {
    private static final int PROGRAMS = 40;

    @Test
    void everyStoredValueEqualsTheOracle() throws Exception {
        AtomicInteger crashes = new AtomicInteger();
        Programs.run(Kind.ADDITIONS, PROGRAMS, (program, met) -> throughOperator(program, met, false, crashes));
        assertThat(crashes).hasPositiveValue();
    }

    @Test
    void everyStoredValueEqualsTheOracleWhileMemoryIsFreed() throws Exception {
        AtomicInteger crashes = new AtomicInteger();
        Programs.run(Kind.STREAM, PROGRAMS / 3, (program, met) -> throughOperator(program, met, true, crashes));
        assertThat(crashes).hasPositiveValue();
    }

    @Test
    void aRecordThatIsLostOnTheWayIsFound() throws Exception {
        RandomProgram program = RandomProgram.of(1, Kind.ADDITIONS);
        List<Arrival> fewer = new ArrayList<>(program.arrivals());
        fewer.remove(fewer.size() / 2);
        FakeConnector connector = new FakeConnector();
        for (List<String> entity : program.entities()) {
            RandomProgram lossy = new RandomProgram(1, program.declaresIds(), program.views(), fewer);
            new ProgramHarness(lossy, entity, connector, false).run();
        }
        assertThat(difference(program, connector.world().store, new Programs.Met()))
                .hasValueSatisfying(difference -> assertThat(difference).contains("the oracle has"));
    }

    private static Optional<String> throughOperator(
            RandomProgram program, Programs.Met met, boolean watermarks, AtomicInteger crashes) throws Exception {
        FakeConnector connector = new FakeConnector();
        for (List<String> entity : program.entities()) {
            ProgramHarness harness = new ProgramHarness(program, entity, connector, watermarks);
            harness.run();
            crashes.addAndGet(harness.crashes());
        }
        return difference(program, connector.world().store, met);
    }

    /** Where what is stored differs from the oracle: in a count, a status, a value. */
    static Optional<String> difference(RandomProgram program, FeatureReader store, Programs.Met met) {
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

    private static KeyState stored(FeatureReader store, ViewPlan plan, String key) {
        ViewKey wanted = new ViewKey(plan.spec().name(), ProgramHarness.LINEAGE, key);
        StoredState state =
                store.read(List.of(wanted)).toCompletableFuture().join().get(0);
        assertThat(state).as("%s in the store", wanted).isNotNull();
        return KeyState.decode(plan, state.base(), state.head());
    }
}
