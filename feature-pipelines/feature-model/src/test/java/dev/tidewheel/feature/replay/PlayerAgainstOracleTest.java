package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random programs played forward: at any moment each value is the oracle's. */
class PlayerAgainstOracleTest {
    private static final int PROGRAMS = 60;
    private static final int QUESTIONS_PER_KEY = 25;

    @Test
    void everyValueOfThePastEqualsTheOracle() throws Exception {
        Programs.run(Kind.HISTORY, PROGRAMS, PlayerAgainstOracleTest::played);
    }

    private static Optional<String> played(RandomProgram program, Programs.Met met) {
        Random random = new Random(program.seed());
        List<Arrival> ordered = program.arrivals().stream()
                .sorted(Comparator.comparingLong(arrival -> arrival.change().visibleAt()))
                .toList();
        for (ViewPlan plan : program.plans()) {
            for (Map.Entry<String, List<Change>> key :
                    RandomProgram.byKey(plan, ordered).entrySet()) {
                Optional<String> difference = played(program, plan, key.getValue(), random, met);
                if (difference.isPresent()) {
                    return Optional.of(plan.spec().name() + ", key " + key.getKey() + ": " + difference.get());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> played(
            RandomProgram program, ViewPlan plan, List<Change> changes, Random random, Programs.Met met) {
        KeyPlayer player = new StatePlayer(plan, new ListBlock(changes));
        NaiveOracle oracle = new NaiveOracle(plan, changes);
        for (long t : moments(program, changes, random)) {
            long through = t - (changes.size() % 3 == 0 ? 5_400_000 : 0); // a store that lags
            FeatureValues actual = player.read(t, through);
            met.compared(actual);
            FeatureValues expected = changes.get(0).visibleAt() <= through
                    ? oracle.valuesAt(t, index -> changes.get(index).visibleAt() <= through)
                    : NaiveOracle.absent(plan);
            Optional<String> difference = Programs.difference(plan, expected, actual);
            if (difference.isPresent()) {
                return Optional.of("at " + t + " through " + through + " " + difference.get());
            }
        }
        return Optional.empty();
    }

    /** Ascending: around what happened and what became visible, at edges of tiles, and when all is over. */
    private static TreeSet<Long> moments(RandomProgram program, List<Change> changes, Random random) {
        TreeSet<Long> moments = new TreeSet<>(program.moments());
        while (moments.size() < QUESTIONS_PER_KEY) {
            Change change = changes.get(random.nextInt(changes.size()));
            long near = random.nextInt(3) - 1;
            moments.add(
                    switch (random.nextInt(3)) {
                        case 0 -> change.eventTime() + near;
                        case 1 -> change.visibleAt() + near;
                        default -> Math.floorDiv(change.visibleAt(), 300_000L) * 300_000L + near;
                    });
        }
        return moments;
    }
}
