package dev.tidewheel.feature.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random programs played forward: at any moment each value is the oracle's, and both kinds of players agree to the bit. */
class PlayerAgainstOracleTest {
    private static final int PROGRAMS = 60;

    @Test
    void everyValueOfThePastEqualsTheOracle() throws Exception {
        AtomicInteger columnar = new AtomicInteger();
        Programs.run(Kind.HISTORY, PROGRAMS, (program, met) -> {
            for (ViewPlan plan : parted(program)) {
                columnar.addAndGet(new Players(plan).isColumnar() ? 1 : 0);
                Optional<String> difference = played(program, plan, UnaryOperator.identity(), met);
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        });
        assertThat(columnar).hasValueGreaterThan(0);
    }

    @ParameterizedTest
    @EnumSource(PlayerMistake.class)
    void aMistakeIsFound(PlayerMistake mistake) {
        assertThatThrownBy(() -> Programs.runWhole(Kind.HISTORY, PROGRAMS, (program, met) -> {
                    for (ViewPlan plan : parted(program)) {
                        Optional<String> difference = played(program, plan, mistake::made, met);
                        if (difference.isPresent()) {
                            return difference;
                        }
                    }
                    return Optional.empty();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("-Dtidewheel.seed=");
    }

    /** A feature that no column player takes would keep its neighbours from one: each view whole, and by feature. */
    private static List<ViewPlan> parted(RandomProgram program) {
        return program.views().stream()
                .flatMap(view ->
                        Stream.concat(Stream.of(view), view.features().stream().map(feature -> alone(view, feature))))
                .map(view -> ViewPlan.compile(view, RandomProgram.source()))
                .toList();
    }

    /** Without derived columns and filter where that can be, so that values are read from their columns. */
    private static ViewSpec alone(ViewSpec view, FeatureSpec feature) {
        ViewSpec bare = new ViewSpec(
                view.name(),
                view.entity(),
                Optional.empty(),
                List.of(),
                List.of(feature),
                view.horizonMillis(),
                view.futureLimitMillis(),
                view.headSpanMillis(),
                view.headEntries());
        try {
            ViewPlan.compile(bare, RandomProgram.source());
            return bare;
        } catch (IllegalArgumentException needsThem) {
            return new ViewSpec(
                    view.name(),
                    view.entity(),
                    view.where(),
                    view.columns(),
                    List.of(feature),
                    view.horizonMillis(),
                    view.futureLimitMillis(),
                    view.headSpanMillis(),
                    view.headEntries());
        }
    }

    private static Optional<String> played(
            RandomProgram program, ViewPlan plan, UnaryOperator<KeyBlock> columns, Programs.Met met) {
        Random random = new Random(program.seed());
        List<Arrival> ordered = program.arrivals().stream()
                .sorted(Comparator.comparingLong(arrival -> arrival.change().visibleAt()))
                .toList();
        for (Map.Entry<String, List<Change>> key :
                RandomProgram.byKey(plan, ordered).entrySet()) {
            Both both = new Both(plan, key.getValue(), columns);
            Optional<String> difference = Programs.differenceInTime(
                            program, plan, key.getValue(), random, both::read, met)
                    .or(both::difference);
            if (difference.isPresent()) {
                return Optional.of(plan.spec().name() + ", key " + key.getKey() + ": " + difference.get());
            }
        }
        return Optional.empty();
    }

    /** The player that a view gets, and beside it the one that plays through the state that serves. */
    private static final class Both {
        private final KeyPlayer player;
        private final KeyPlayer reference;
        private Optional<String> difference = Optional.empty();

        Both(ViewPlan plan, List<Change> changes, UnaryOperator<KeyBlock> columns) {
            this.player = new Players(plan).of(new ForwardBlock(columns.apply(new ListBlock(changes))));
            this.reference = new StatePlayer(plan, new ForwardBlock(new ListBlock(changes)));
        }

        FeatureValues read(long t, long visibleThrough) {
            FeatureValues actual = player.read(t, visibleThrough);
            FeatureValues expected = reference.read(t, visibleThrough);
            if (!expected.row().equals(actual.row()) || !Arrays.equals(expected.statuses(), actual.statuses())) {
                difference = Optional.of("at " + t + " through " + visibleThrough + " is " + actual.row()
                        + ", through the state that serves " + expected.row());
            }
            return actual;
        }

        /** Where the two differ, if anywhere. */
        Optional<String> difference() {
            return difference;
        }
    }
}
