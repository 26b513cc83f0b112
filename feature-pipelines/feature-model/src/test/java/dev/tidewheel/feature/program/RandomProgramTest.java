package dev.tidewheel.feature.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomProgramTest {
    /** As many as the build of any way runs at least, but for those that need a cluster. */
    private static final int PROGRAMS = 60;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyAggregateAndWindowIsDrawnInTheProgramsOfABuild(Kind kind) {
        assertThat(Programs.programsUntilEverythingIsDrawn(kind)).isLessThanOrEqualTo(PROGRAMS);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theSameSeedGivesTheSameProgram(Kind kind) {
        assertThat(RandomProgram.of(7, kind)).isEqualTo(RandomProgram.of(7, kind));
        assertThat(RandomProgram.of(7, kind).arrivals())
                .isNotEqualTo(RandomProgram.of(8, kind).arrivals());
    }

    @Test
    void keyStateEqualsTheOracle() throws Exception {
        Programs.run(Kind.EVERYTHING, PROGRAMS, RandomProgramTest::throughKeyState);
    }

    private record Identity(boolean retraction, EventId id) {}

    private static Optional<String> throughKeyState(RandomProgram program, Programs.Met met) {
        Random random = new Random(program.seed());
        for (ViewPlan plan : program.plans()) {
            Map<String, List<Change>> byKey = RandomProgram.byKey(plan, program.arrivals());
            for (Map.Entry<String, List<Change>> key : byKey.entrySet()) {
                KeyState state = played(plan, key.getValue(), random);
                NaiveOracle oracle = new NaiveOracle(plan, key.getValue());
                for (long t : program.moments()) {
                    if (t >= state.foldedThrough()) {
                        met.compared(state.read(t));
                        Optional<String> difference = Programs.difference(plan, oracle.valuesAt(t), state.read(t));
                        if (difference.isPresent()) {
                            return Optional.of("key " + key.getKey() + " at " + t + ": " + difference.get());
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static KeyState played(ViewPlan plan, List<Change> changes, Random random) {
        KeyState state = new KeyState(plan);
        Set<Identity> seen = new HashSet<>();
        for (Change change : changes) {
            Identity identity = new Identity(change.retraction(), change.id());
            Disposition disposition = state.route(change, seen.contains(identity));
            if (disposition == Disposition.APPLIED || disposition == Disposition.FILTERED) {
                seen.add(identity);
            }
            if (state.shouldFold() || random.nextInt(20) == 0) {
                state.fold();
            }
            if (random.nextInt(8) == 0) {
                state = KeyState.decode(plan, state.encodeBase(), state.encodeHead());
            }
        }
        return state;
    }

    @Test
    void aProgramThatFailsIsMadeSmallAndPrinted() {
        Programs.Way broken = (program, met) -> {
            long nulls = program.arrivals().stream()
                    .filter(arrival -> arrival.change().row().isNull(0))
                    .count();
            return nulls >= 2 ? Optional.of("two rows without x") : Optional.empty();
        };
        assertThatThrownBy(() -> Programs.run(Kind.ADDITIONS, 1, broken))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("-Dtidewheel.seed=1: two rows without x")
                .satisfies(thrown -> assertThat(thrown.getMessage().lines().filter(line -> line.contains("Change[")))
                        .hasSize(2));
    }
}
