package dev.tidewheel.lifecycle.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.lifecycle.fold.Decision;
import dev.tidewheel.lifecycle.fold.Fold;
import dev.tidewheel.lifecycle.state.Ledger;
import dev.tidewheel.lifecycle.state.Pending;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.Traffic;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.Observation;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of histories of a model, from seeds: messages lost, doubled and reordered, processes that die between any two
 * steps. What must hold is checked after every decision, see {@link Checker}. A failure names its seed: run it alone with
 * {@code -Dsimulation.first=SEED -Dsimulation.seeds=1}.
 */
final class SimulationTest {
    private static final long FIRST = Long.getLong("simulation.first", 0);
    private static final long SEEDS = Long.getLong("simulation.seeds", 5_000);

    @Test
    void holdsInEveryHistory() {
        LongAdder starts = new LongAdder();
        LongAdder promotions = new LongAdder();
        LongAdder waits = new LongAdder();
        // Each history has one thread; several histories are lived at once.
        LongStream.range(FIRST, FIRST + SEEDS).parallel().forEach(seed -> {
            Checker checker = run(seed, Fold::decide);
            starts.add(checker.started());
            promotions.add(checker.promoted());
            waits.add(checker.queued());
        });
        long started = starts.sum();
        long promoted = promotions.sum();
        long queued = waits.sum();
        System.out.printf("%d histories: %d runs, %d promotions, %d waited%n", SEEDS, started, promoted, queued);
        // Nothing is proven by a world in which nothing happens.
        assertThat(started).isGreaterThan(SEEDS);
        assertThat(promoted).isGreaterThan(SEEDS / 10);
        assertThat(queued).isGreaterThan(SEEDS / 10);
    }

    @Test
    void catchesAFoldThatForgetsWhatItDecided() {
        caught((state, event) -> Fold.decide(state.with(Rules.INITIAL.memory()), event), "starts again by");
    }

    @Test
    void catchesAFoldThatForgetsWhatItSpent() {
        caught(SimulationTest::spendthrift, "too soon after|spent its budget");
    }

    @Test
    void catchesAFoldThatLosesItsQueue() {
        caught(
                (state, event) -> event.getKind() == LifecycleEventKind.OBSERVATION
                        ? Fold.decide(state.with(List.of()), event)
                        : Fold.decide(state, event),
                "of the queue is lost");
    }

    @Test
    void catchesAFoldThatBelievesWhatIsSaidOfOldGenerations() {
        caught(SimulationTest::credulous, "beside another training|before the sidecars|trainings are desired|serve");
    }

    @Test
    void catchesAFoldThatTakesTheTrainingForGoneAsSoonAsItShallStop() {
        caught(SimulationTest::impatient, "beside another training");
    }

    @Test
    void catchesAFoldThatKnowsOnlyTheFirstOfThoseThatWaitTogether() {
        caught(SimulationTest::forgetful, "is refused for others that it waited with");
    }

    /** Merged triggers leave nothing but their number behind. */
    private static Decision forgetful(State state, LifecycleEvent event) {
        Decision decision = Fold.decide(state, event);
        List<Pending> queue = decision.state().queue().stream()
                .map(now -> state.pending(now.retraining())
                        .filter(first -> first.trigger().equals(now.trigger()))
                        .map(first -> new Pending(
                                now.retraining(),
                                now.trigger(),
                                now.why(),
                                first.about(),
                                now.manual(),
                                now.since(),
                                now.merged()))
                        .orElse(now))
                .toList();
        return new Decision(decision.state().with(queue), decision.outcome(), decision.findings(), decision.desired());
    }

    private static Decision spendthrift(State state, LifecycleEvent event) {
        State rich = state;
        for (String name : state.ledgers().keySet()) {
            Ledger ledger = state.ledger(name);
            rich = rich.with(name, new Ledger(ledger.runs(), List.of(), ledger.slot()));
        }
        return Fold.decide(rich, event);
    }

    private static Decision credulous(State state, LifecycleEvent event) {
        if (event.getObservation() == null) {
            return Fold.decide(state, event);
        }
        boolean isTraffic = event.getObservation().getSlot().equals(Traffic.SLOT);
        long awaited = isTraffic
                ? state.serving().traffic().generation()
                : state.phase() instanceof Phase.Cancelling ? Run.CANCELLED : Run.PRESENT;
        Observation believed = Observation.newBuilder(event.getObservation())
                .setGeneration(awaited)
                .build();
        return Fold.decide(
                state, LifecycleEvent.newBuilder(event).setObservation(believed).build());
    }

    private static Decision impatient(State state, LifecycleEvent event) {
        return Fold.decide(state.phase() instanceof Phase.Cancelling ? state.with(new Phase.Idle()) : state, event);
    }

    private static void caught(Decider broken, String by) {
        assertThatThrownBy(() -> {
                    for (long seed = 0; seed < 500; seed++) {
                        run(seed, broken);
                    }
                })
                .hasMessageFindingMatch(by);
    }

    private static Checker run(long seed, Decider decider) {
        try {
            return new World(seed, decider).run();
        } catch (Violation e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
