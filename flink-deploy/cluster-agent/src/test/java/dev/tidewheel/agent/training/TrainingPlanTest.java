package dev.tidewheel.agent.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.agent.desired.Generations;
import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.agent.reconcile.Observed;
import dev.tidewheel.agent.training.Launcher.Life;
import dev.tidewheel.agent.training.TrainingStep.Report;
import dev.tidewheel.records.ObservedPhase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The plan alone, and a world played through from seeds: agents that crash at any step, trainers that die, orders that change. */
class TrainingPlanTest {
    private static final int STARTS = 3;
    private static final TrainingPlan PLAN = new TrainingPlan(STARTS, Duration.ofMinutes(10));

    private static Wanted wanted(long generation, boolean present, String spec) {
        return new Wanted(
                "late",
                "training/weekly-1",
                generation,
                present ? Wanted.State.PRESENT : Wanted.State.CANCELLED,
                "training",
                spec,
                spec);
    }

    private static RunState state(long generation, Life life, int starts, boolean expired, TrainingResult result) {
        return new RunState(generation, "a", life, starts, expired, Optional.ofNullable(result), false, false);
    }

    @Test
    void whatIsLiveWithAHigherGenerationWins() {
        assertThat(PLAN.next(wanted(1, true, "b"), state(2, Life.RUNNING, 1, false, null)))
                .isInstanceOf(TrainingStep.Refuse.class);
        assertThat(PLAN.next(wanted(1, false, "b"), state(2, Life.RUNNING, 1, false, null)))
                .isInstanceOf(TrainingStep.Refuse.class);
    }

    @Test
    void aHigherGenerationOfTheSameSpecAdoptsWhatRuns() {
        assertThat(PLAN.next(wanted(2, true, "a"), state(1, Life.RUNNING, 1, false, null)))
                .isInstanceOf(TrainingStep.Prepare.class);
        assertThat(PLAN.next(wanted(2, true, "b"), state(1, Life.RUNNING, 1, false, null)))
                .isInstanceOf(TrainingStep.Stop.class);
        assertThat(PLAN.next(wanted(2, true, "b"), state(1, Life.ENDED, 1, false, null)))
                .isInstanceOf(TrainingStep.Clear.class);
    }

    @Test
    void theDeadlineEndsATraining() {
        assertThat(PLAN.next(wanted(1, true, "a"), state(1, Life.RUNNING, 1, true, null)))
                .isInstanceOf(TrainingStep.Stop.class);
        assertThat(PLAN.next(wanted(1, true, "a"), state(1, Life.ENDED, 1, true, null)))
                .isEqualTo(new Report(Observed.failed("not finished within PT10M")));
        TrainingResult done = new TrainingResult(Optional.empty(), Map.of("modelVersion", "1"));
        assertThat(PLAN.next(wanted(1, true, "a"), state(1, Life.ENDED, 1, true, done)))
                .as("it was in time, only nobody looked")
                .isInstanceOf(TrainingStep.Register.class);
    }

    @Test
    void whateverCrashesTheLastOrderIsCarriedOut() {
        Random seeds = new Random();
        for (int world = 0; world < 500; world++) {
            playThrough(seeds.nextLong());
        }
    }

    private static void playThrough(long seed) {
        World world = new World(new Random(seed));
        for (int moment = 0; moment < 60; moment++) {
            world.somethingHappens();
            world.agentLooks(true);
        }
        ObservedPhase last = world.settle();

        assertThat(last)
                .as("seed %d, %s", seed, world)
                .isIn(
                        world.newest().present()
                                ? new ObservedPhase[] {ObservedPhase.SUCCEEDED, ObservedPhase.FAILED}
                                : new ObservedPhase[] {ObservedPhase.ABSENT});
        if (last == ObservedPhase.SUCCEEDED) {
            assertThat(world.registered)
                    .as("seed %d", seed)
                    .isEqualTo(world.newest().specHash());
        }
        assertThat(world.trainers).as("seed %d: trainers left", seed).isZero();
    }

    /** One run's folder, its trainers and the registry. */
    private static final class World {
        private final Random random;
        private final Generations desired = new Generations();
        private long generation;
        private long prepared;
        private String preparedSpec = "";
        private int trainers;
        private boolean pid;
        private int starts;
        private TrainingResult result;
        private String registered = "";

        World(Random random) {
            this.random = random;
            order();
        }

        Wanted newest() {
            return desired.find("late/training/weekly-1").orElseThrow();
        }

        void somethingHappens() {
            switch (random.nextInt(6)) {
                case 0 -> order();
                case 1 -> desired.take(wanted(1 + random.nextInt((int) generation), true, "stale"));
                case 2 -> trainers = 0; // Killed, or dead.
                case 3 -> finish();
                default -> {}
            }
        }

        private void order() {
            desired.take(wanted(++generation, random.nextInt(3) > 0, random.nextBoolean() ? "a" : "b"));
        }

        private void finish() {
            if (trainers > 0) {
                trainers = 0;
                result = random.nextInt(8) == 0
                        ? new TrainingResult(Optional.of("no labels"), Map.of())
                        : new TrainingResult(Optional.empty(), Map.of("spec", preparedSpec));
            }
        }

        /** One look of an agent, which may crash anywhere in it. */
        Optional<Observed> agentLooks(boolean mayCrash) {
            Wanted wanted = newest();
            for (int step = 0; step < 8; step++) {
                TrainingStep next = PLAN.next(wanted, state());
                if (next instanceof Report report) {
                    return Optional.of(report.observed());
                }
                if (next instanceof TrainingStep.ReportDead) {
                    return Optional.of(Observed.failed("dead"));
                }
                if (next instanceof TrainingStep.Refuse) {
                    throw new AssertionError("the newest order is refused: " + this);
                }
                if (mayCrash && random.nextInt(4) == 0) {
                    if (next instanceof TrainingStep.Start) {
                        starts++; // Noted, not done.
                    }
                    return Optional.empty();
                }
                execute(next, wanted);
            }
            throw new AssertionError("no end of steps: " + this);
        }

        private RunState state() {
            Life life = trainers > 0 ? Life.RUNNING : pid ? Life.ENDED : Life.NONE;
            boolean isRegistered = result != null && registered.equals(preparedSpec);
            return new RunState(
                    prepared,
                    preparedSpec,
                    life,
                    starts,
                    false,
                    Optional.ofNullable(result),
                    isRegistered,
                    isRegistered);
        }

        private void execute(TrainingStep step, Wanted wanted) {
            if (step instanceof TrainingStep.Stop) {
                trainers = 0;
            } else if (step instanceof TrainingStep.Clear) {
                assertThat(trainers).as("a folder is put aside under a trainer").isZero();
                prepared = 0;
                preparedSpec = "";
                pid = false;
                starts = 0;
                result = null;
            } else if (step instanceof TrainingStep.Prepare) {
                prepared = wanted.generation();
                preparedSpec = wanted.specHash();
            } else if (step instanceof TrainingStep.Start) {
                assertThat(wanted.present()).as("a cancelled run is started").isTrue();
                assertThat(trainers).as("a second trainer is started").isZero();
                assertThat(++starts).isLessThanOrEqualTo(STARTS);
                trainers = 1;
                pid = true;
            } else if (step instanceof TrainingStep.Register) {
                registered = preparedSpec;
            }
        }

        /** Nothing crashes any more, and trainers finish. */
        ObservedPhase settle() {
            for (int look = 0; look < 20; look++) {
                Optional<Observed> seen = agentLooks(false);
                if (seen.filter(Observed::isFinal).isPresent()) {
                    return seen.get().phase();
                }
                finish();
            }
            throw new AssertionError("never settled: " + this);
        }

        @Override
        public String toString() {
            return newest() + ", prepared " + prepared + " " + preparedSpec + ", starts " + starts + ", trainers "
                    + trainers + ", result " + result + ", registered " + registered;
        }
    }
}
