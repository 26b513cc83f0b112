package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.Ended.End;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.Traffic;
import dev.tidewheel.records.Approval;
import java.time.Instant;
import java.util.Optional;

/** A person says no. Nobody has to say yes: no step waits for an approval. */
final class Vetoes {
    private Vetoes() {}

    static Decision decide(State state, Approval approval, Instant at) {
        String who = approval.getBy() + " says no"
                + (approval.getComment().isBlank() ? "" : " (" + approval.getComment() + ")");
        if (approval.getApproved()) {
            return Decision.refused(state, "no step waits for an approval");
        }
        if (approval.getStep().equals(Traffic.SLOT)) {
            long generation = state.serving().traffic().generation();
            return approval.getGeneration() == generation
                    ? rollBack(state, Finding.of(who), at)
                    : Decision.refused(
                            state,
                            "the no is about generation " + approval.getGeneration() + " of the traffic, now it is "
                                    + generation);
        }
        if (state.phase() instanceof Phase.Training training
                && approval.getStep().equals(training.run().slot())
                && approval.getGeneration() == Run.PRESENT) {
            return Trainings.cancel(
                    state,
                    training,
                    Finding.of(who + "; the training of " + training.run().version() + " shall stop"),
                    at);
        }
        return Decision.refused(state, "there is no " + approval.getStep() + " to say no to");
    }

    /**
     * Takes the newest version out: a challenger on trial, or a champion whose former one is known. A training that goes
     * on was to be compared with the champion that leaves, so it is stopped.
     */
    static Decision rollBack(State state, Finding why, Instant at) {
        if (state.phase() instanceof Phase.Rollout rollout) {
            return Rollouts.stop(state, rollout, End.ABORTED, why, at);
        }
        Optional<String> former = state.serving().former();
        if (former.isEmpty()) {
            return Decision.refused(
                    state, new Finding(why.sentence() + ", but no former champion is known", why.numbers()));
        }
        Decision stopped = state.phase() instanceof Phase.Training training
                ? Trainings.cancel(
                        state,
                        training,
                        Finding.of("the training of " + training.run().version() + " shall stop"),
                        at)
                : Decision.start(state);
        return stopped.then(next -> Rollouts.rollBack(next, former.get(), "", "", why, at));
    }
}
