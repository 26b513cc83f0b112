package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The model check of the writer's protocol, see {@link ModelRun}. {@code -Dmodel.seeds=N} runs more seeds,
 * {@code -Dmodel.seed=S} begins at another one; docs/proofs.md tells how.
 */
class ProtocolModelTest {
    private static final int SEEDS = Integer.getInteger("model.seeds", 10_000);
    private static final long FIRST = Long.getLong("model.seed", 0);
    /** Within so many seeds each mistake must be noticed. */
    private static final int TO_NOTICE = 2_000;

    private static final int STEPS = 220;

    @Test
    void comesToRestAtTheTruth() {
        ModelMet met = new ModelMet();
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            AssertionError failure = failure(seed, ModelMistake.NONE, STEPS, met, null);
            if (failure != null) {
                throw told(seed, ModelMistake.NONE, failure);
            }
        }
        System.out.printf("ProtocolModelTest: seeds %d to %d met%n%s", FIRST, FIRST + SEEDS - 1, met);
        for (ModelMet.Event event : ModelMet.Event.values()) {
            assertThat(met.count(event))
                    .as("%s in %d seeds: what is never met is not checked", event, SEEDS)
                    .isGreaterThanOrEqualTo(Math.min(20, SEEDS / 100));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyMistakeIsNoticed(ModelMistake mistake) {
        long seed = 0;
        AssertionError failure = null;
        while (failure == null && seed < TO_NOTICE) {
            failure = failure(seed++, mistake, STEPS, new ModelMet(), null);
        }
        assertThat(failure).as("%s within %d seeds", mistake, TO_NOTICE).isNotNull();
        System.out.println(
                "ProtocolModelTest: " + mistake + " is noticed by seed " + (seed - 1) + ": " + failure.getMessage());
    }

    @Test
    void aSeedIsARun() {
        List<String> one = new ArrayList<>();
        List<String> other = new ArrayList<>();
        new ModelRun(7, ModelMistake.NONE, STEPS, new ModelMet(), one).run();
        new ModelRun(7, ModelMistake.NONE, STEPS, new ModelMet(), other).run();
        assertThat(one).hasSizeGreaterThan(100).isEqualTo(other);
    }

    @Test
    void aFailureIsToldInItsFewestSteps() {
        long seed = 0;
        while (failure(seed, ModelMistake.FORGETS_TOMBSTONES, STEPS, new ModelMet(), null) == null) {
            seed++;
        }
        assertThat(told(seed, ModelMistake.FORGETS_TOMBSTONES, new AssertionError()))
                .hasMessageStartingWith("seed " + seed + ", ")
                .hasMessageContaining("was erased, and is there again")
                .hasMessageContaining(" is erased\n");
    }

    private static AssertionError failure(
            long seed, ModelMistake mistake, int steps, ModelMet met, List<String> trace) {
        try {
            new ModelRun(seed, mistake, steps, met, trace).run();
            return null;
        } catch (AssertionError e) {
            return e;
        }
    }

    /** The fewest steps after which the seed fails, and what happened in them. */
    private static AssertionError told(long seed, ModelMistake mistake, AssertionError failure) {
        for (int steps = 1; steps <= STEPS; steps++) {
            List<String> trace = new ArrayList<>();
            AssertionError shortest = failure(seed, mistake, steps, new ModelMet(), trace);
            if (shortest != null) {
                return new AssertionError(
                        "seed " + seed + ", " + steps + " steps: " + shortest.getMessage() + "\n"
                                + String.join("\n", trace),
                        shortest);
            }
        }
        return new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
    }
}
