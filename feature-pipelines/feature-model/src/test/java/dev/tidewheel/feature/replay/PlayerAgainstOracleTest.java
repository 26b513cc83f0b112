package dev.tidewheel.feature.replay;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random programs played forward: at any moment each value is the oracle's. */
class PlayerAgainstOracleTest {
    private static final int PROGRAMS = 60;

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
                KeyPlayer player = new StatePlayer(plan, new ListBlock(key.getValue()));
                Optional<String> difference =
                        Programs.differenceInTime(program, plan, key.getValue(), random, player::read, met);
                if (difference.isPresent()) {
                    return Optional.of(plan.spec().name() + ", key " + key.getKey() + ": " + difference.get());
                }
            }
        }
        return Optional.empty();
    }
}
