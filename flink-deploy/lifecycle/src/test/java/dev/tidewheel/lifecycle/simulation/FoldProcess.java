package dev.tidewheel.lifecycle.simulation;

import dev.tidewheel.lifecycle.fold.Decision;
import dev.tidewheel.lifecycle.fold.Wish;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.StateJson;
import dev.tidewheel.records.LifecycleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The process that folds: what it has committed outlives it, what it has only in memory does not. State, decision, wishes
 * and position are committed at once.
 */
final class FoldProcess {
    private final Decider fold;
    private final Random random;
    private final Checker checker;

    private final List<LifecycleEvent> inbox = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Wish> desired = new ArrayList<>();
    private State state = Rules.INITIAL;
    private boolean faulty = true;

    FoldProcess(Decider fold, Random random, Checker checker) {
        this.fold = fold;
        this.random = random;
        this.checker = checker;
    }

    void receive(LifecycleEvent event) {
        inbox.add(event);
    }

    State state() {
        return state;
    }

    /** All that was ever committed, in order. */
    List<Wish> desired() {
        return desired;
    }

    boolean idle() {
        return decisions.size() == inbox.size();
    }

    void repair() {
        faulty = false;
    }

    /** Decides about the next event, or dies before it has committed that, and starts again from what it had. */
    void step() {
        if (idle()) {
            return;
        }
        LifecycleEvent event = inbox.get(decisions.size());
        Decision decision = fold.decide(state, event);
        if (faulty && random.nextInt(20) == 0) {
            State restored = StateJson.read(StateJson.write(state));
            Violation.unless(restored.equals(state), "the state changed by being stored: %s", state);
            state = restored;
            Violation.unless(
                    fold.decide(state, event).equals(decision), "decided differently about %s the second time", event);
            return;
        }
        decisions.add(decision);
        desired.addAll(decision.desired());
        State before = state;
        state = decision.state();
        checker.decided(before, event, decision);
    }

    /** Decides everything again from the beginning. */
    void replay() {
        State replayed = Rules.INITIAL;
        for (int offset = 0; offset < decisions.size(); offset++) {
            Decision again = fold.decide(replayed, inbox.get(offset));
            Violation.unless(again.equals(decisions.get(offset)), "offset %d is decided differently", offset);
            replayed = again.state();
        }
        Violation.unless(StateJson.write(replayed).equals(StateJson.write(state)), "the last state has other bytes");
    }
}
