package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.Ended.End;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Phase.Active;
import dev.tidewheel.lifecycle.state.Phase.Cancelling;
import dev.tidewheel.lifecycle.state.Phase.Training;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.Traffic;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ObservedPhase;
import java.time.Instant;

/**
 * What the cluster is like. Observations may be lost, repeated and late: one counts only if its slot is awaited at its
 * generation, and says something final. So none needs to be remembered.
 */
final class Observations {
    private Observations() {}

    static Decision decide(State state, Observation seen, Instant at) {
        if (seen.getSlot().equals(Traffic.SLOT)) {
            return traffic(state, seen, at);
        }
        if (state.phase() instanceof Active active
                && seen.getSlot().equals(active.run().slot())) {
            return training(state, active, seen, at);
        }
        return Decision.unchanged(state, seen.getSlot() + " is not waited for");
    }

    private static Decision training(State state, Active active, Observation seen, Instant at) {
        long awaited = active instanceof Cancelling ? Run.CANCELLED : Run.PRESENT;
        if (seen.getGeneration() != awaited) {
            return otherGeneration(state, seen, awaited);
        }
        if (active instanceof Training training) {
            return switch (seen.getPhase()) {
                case SUCCEEDED -> Trainings.succeeded(state, training, seen.getOutputs(), at);
                case FAILED -> Trainings.failed(state, training, seen.getReason(), at);
                default -> notYet(state, seen);
            };
        }
        return isOver(seen.getPhase()) ? Trainings.gone(state, (Cancelling) active) : notYet(state, seen);
    }

    private static Decision traffic(State state, Observation seen, Instant at) {
        Traffic awaited = state.serving().traffic();
        if (seen.getGeneration() != awaited.generation()) {
            return otherGeneration(state, seen, awaited.generation());
        }
        return switch (seen.getPhase()) {
            case SUCCEEDED -> split(state, awaited, at);
            case FAILED -> notSplit(state, awaited, seen.getReason(), at);
            default -> notYet(state, seen);
        };
    }

    private static Decision split(State state, Traffic awaited, Instant at) {
        if (awaited.observed() && awaited.failure().isEmpty()) {
            return Decision.duplicate(state, "generation " + awaited.generation() + " of the traffic was seen before");
        }
        State next = state.with(state.serving().with(awaited.succeeded()));
        return Decision.changed(
                Rollouts.began(next, at),
                Finding.of("generation " + awaited.generation() + " of the traffic serves"
                        + (state.phase() instanceof Phase.Rollout rollout
                                ? ": " + rollout.name() + " of "
                                        + rollout.challenger().version() + " begins"
                                : "")));
    }

    private static Decision notSplit(State state, Traffic awaited, String why, Instant at) {
        if (awaited.observed()) {
            return Decision.duplicate(state, "generation " + awaited.generation() + " of the traffic was seen before");
        }
        State next = state.with(state.serving().with(awaited.failed(why)));
        Finding finding = Finding.of(
                "generation " + awaited.generation() + " of the traffic cannot serve: " + (why.isBlank() ? "?" : why));
        return state.phase() instanceof Phase.Rollout rollout
                ? Rollouts.stop(next, rollout, End.ABORTED, finding, at)
                : Decision.changed(next, finding);
    }

    private static boolean isOver(ObservedPhase phase) {
        return switch (phase) {
            case ABSENT, SUCCEEDED, FAILED -> true;
            case PENDING, RUNNING, OTHER -> false;
        };
    }

    private static Decision notYet(State state, Observation seen) {
        return Decision.unchanged(
                state,
                seen.getSlot() + " is " + seen.getPhase()
                        + (seen.getReason().isBlank() ? "" : ": " + seen.getReason()));
    }

    private static Decision otherGeneration(State state, Observation seen, long awaited) {
        return Decision.unchanged(
                state,
                "generation " + seen.getGeneration() + " of " + seen.getSlot() + " is not waited for, but " + awaited
                        + " is");
    }
}
