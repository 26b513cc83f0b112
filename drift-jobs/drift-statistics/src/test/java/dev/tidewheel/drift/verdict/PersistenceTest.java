package dev.tidewheel.drift.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.drift.measure.Direction;
import dev.tidewheel.drift.verdict.Persistence.Outcome;
import dev.tidewheel.drift.verdict.Persistence.State;
import dev.tidewheel.drift.verdict.Persistence.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PersistenceTest {
    private static final Level LEVEL = new Level(Direction.ABOVE, 1, 0.8);
    private static final double BAD = 2;
    private static final double BETWEEN = 0.9;
    private static final double GOOD = 0.5;

    @Test
    void firesAtTheSecondBadOfThree() {
        assertThat(outcomes(new Persistence(2, 3, 0), BAD, GOOD, GOOD, BAD, BETWEEN, BAD, BAD))
                .containsExactly("", "", "", "", "", "FIRED", "FIRED");
    }

    @Test
    void endsUnderTheLeaveLevelOnly() {
        assertThat(outcomes(new Persistence(1, 1, 0), BAD, BETWEEN, BETWEEN, GOOD, GOOD, BAD))
                .containsExactly("FIRED", "", "", "RESOLVED", "", "FIRED");
    }

    @Test
    void endsOnceFewEnoughOfTheLastAreBad() {
        assertThat(outcomes(new Persistence(2, 3, 0), BAD, BAD, GOOD, GOOD))
                .containsExactly("", "FIRED", "", "RESOLVED");
    }

    @Test
    void isQuietDuringTheCoolDown() {
        // Windows end at 1, 2, 3 ...; the alarm at 1 silences those before 5.
        assertThat(outcomes(new Persistence(1, 1, 4), BAD, GOOD, BAD, BAD, BAD))
                .containsExactly("FIRED", "RESOLVED", "", "", "FIRED");
    }

    @Test
    void firesAgainAfterEachCoolDownWhileItLasts() {
        assertThat(outcomes(new Persistence(1, 1, 2), BAD, BAD, BAD, BETWEEN, BETWEEN, BAD, BAD, GOOD))
                .containsExactly("FIRED", "", "FIRED", "", "", "FIRED", "", "RESOLVED");
    }

    @Test
    void whatIsUndefinedIsPassedOver() {
        Persistence rule = new Persistence(2, 2, 0);
        assertThat(outcomes(rule, BAD, Double.NaN, Double.NaN, BAD)).containsExactly("", "", "", "FIRED");
        Level none = new Level(Direction.ABOVE, Double.NaN, Double.NaN);
        assertThat(rule.step(State.NONE, BAD, none, 1)).isEqualTo(new Step(State.NONE, Outcome.NONE));
    }

    @Test
    void belowIsTheOtherWayRound() {
        Level accuracy = Level.of(Direction.BELOW, 0.75, 0.85, 0.8);
        assertThat(accuracy.leave()).isEqualTo(0.77);
        Persistence rule = new Persistence(1, 1, 0);
        Step fired = rule.step(State.NONE, 0.74, accuracy, 1);
        assertThat(fired.outcome()).isEqualTo(Outcome.FIRED);
        assertThat(rule.step(fired.state(), 0.76, accuracy, 2).outcome()).isEqualTo(Outcome.NONE);
        assertThat(rule.step(fired.state(), 0.78, accuracy, 2).outcome()).isEqualTo(Outcome.RESOLVED);
    }

    @Test
    void withoutANormalBothLevelsAreOne() {
        assertThat(Level.of(Direction.ABOVE, 5, Double.NaN, 0.8)).isEqualTo(new Level(Direction.ABOVE, 5, 5));
        assertThat(Level.of(Direction.BELOW, 5, 0, 0.8)).isEqualTo(new Level(Direction.BELOW, 5, 5));
    }

    @Test
    void atALevelIsNotBeyondIt() {
        assertThat(LEVEL.entered(1)).isFalse();
        assertThat(LEVEL.left(0.8)).isTrue();
        Level accuracy = new Level(Direction.BELOW, 0.75, 0.77);
        assertThat(accuracy.entered(0.75)).isFalse();
        assertThat(accuracy.left(0.77)).isTrue();
    }

    @Test
    void agreesWithAListOfAllThatWas() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            int n = 1 + random.nextInt(5);
            Persistence rule = new Persistence(1 + random.nextInt(n), n, random.nextInt(5));
            double[] values = random.doubles(40, 0, 1.6).toArray();
            assertThat(outcomes(rule, values))
                    .as("seed %d: %s", seed, rule)
                    .containsExactlyElementsOf(naive(rule, values));
        }
    }

    /** By the words of the class comment, with lists. */
    private static List<String> naive(Persistence rule, double[] values) {
        List<String> outcomes = new ArrayList<>();
        boolean firing = false;
        int lastFired = Integer.MIN_VALUE / 2;
        for (int i = 0; i < values.length; i++) {
            int bad = 0;
            for (int j = Math.max(0, i - rule.n() + 1); j <= i; j++) {
                bad += values[j] > 1 ? 1 : 0;
            }
            if (values[i] > 1 && (firing || bad >= rule.k()) && i - lastFired >= rule.cooldownMillis()) {
                firing = true;
                lastFired = i;
                outcomes.add("FIRED");
            } else if (firing && bad < rule.k() && values[i] <= 0.8) {
                firing = false;
                outcomes.add("RESOLVED");
            } else {
                outcomes.add("");
            }
        }
        return outcomes;
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new Persistence(0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Persistence(3, 2, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Persistence(1, 63, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> outcomes(Persistence rule, double... values) {
        List<String> outcomes = new ArrayList<>();
        State state = State.NONE;
        for (int i = 0; i < values.length; i++) {
            Step step = rule.step(state, values[i], LEVEL, i + 1);
            state = step.state();
            outcomes.add(step.outcome() == Outcome.NONE ? "" : step.outcome().name());
        }
        return outcomes;
    }
}
