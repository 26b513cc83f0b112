package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.policy.RolloutPolicy;
import dev.tidewheel.lifecycle.state.Ledger;
import dev.tidewheel.lifecycle.state.Pending;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a retraining may start, and what becomes of one that may not now. A cool-down or a spent budget refuses: what
 * they hold back would be stale when they are over, and a drift that goes on fires again after its rule's cool-down. A busy model lets it
 * wait, once per retraining.
 */
final class Starts {
    private Starts() {}

    /** Starts it, lets it wait, puts it into the one that waits, or refuses. */
    static Decision request(State state, Request request, Instant at) {
        Optional<Finding> refusal = refusal(state, request, at);
        if (refusal.isPresent()) {
            return Decision.refused(state, refusal.get());
        }
        return state.phase() instanceof Phase.Idle ? start(state, request, at) : await(state, request, at);
    }

    /** Starts what waits, if the model is free: the first that still may. What may not any more is refused. */
    static Decision drain(State state, Instant at) {
        Decision drained = Decision.start(state);
        while (drained.state().phase() instanceof Phase.Idle
                && !drained.state().queue().isEmpty()) {
            drained = drained.then(next -> takeFirst(next, at));
        }
        return drained;
    }

    private static Decision takeFirst(State state, Instant at) {
        Pending first = state.queue().get(0);
        State without = state.with(state.queue().subList(1, state.queue().size()));
        Request request = Request.of(first);
        return refusal(without, request, at)
                .map(why -> Decision.changed(without, why))
                .orElseGet(() -> start(without, request, at));
    }

    private static Optional<Finding> refusal(State state, Request request, Instant at) {
        String who = request.retraining() + " does not start (" + request.why() + "): ";
        Optional<RetrainingPolicy> policy = state.policies().retraining(request.retraining());
        if (policy.isEmpty()) {
            return Optional.of(Finding.of(who + "no such retraining is defined"));
        }
        Optional<String> champion = state.serving().champion();
        if (champion.isEmpty()) {
            return Optional.of(Finding.of(who + "there is no champion to compare with yet"));
        }
        if (!request.about().isEmpty() && !request.about().contains(champion.get())) {
            return Optional.of(Finding.of(who + "the alert is about " + String.join(" and ", request.about())
                    + ", but champion is " + champion.get()));
        }
        if (state.policies().rollout(policy.get().rollout()).isEmpty()) {
            return Optional.of(Finding.of(who + "its rollout " + policy.get().rollout() + " is not defined"));
        }
        return limit(state.ledger(request.retraining()), policy.get(), request, at, who);
    }

    private static Optional<Finding> limit(
            Ledger ledger, RetrainingPolicy policy, Request request, Instant at, String who) {
        Optional<Instant> cooling = ledger.coolingUntil(at, policy.cooldown());
        if (cooling.isPresent() && !request.manual()) {
            return Optional.of(Finding.of(who + "cool-down until " + cooling.get())
                    .with("now_millis", at.toEpochMilli())
                    .with("until_millis", cooling.get().toEpochMilli()));
        }
        long spent = ledger.spent(at, policy.budget());
        return spent < policy.budget().runs()
                ? Optional.empty()
                : Optional.of(Finding.of(who
                                + Say.of(
                                        "budget spent, %,d of %,d runs in the last %s",
                                        spent,
                                        policy.budget().runs(),
                                        Say.days(policy.budget().per())))
                        .with("spent_runs", spent)
                        .with("budget_runs", policy.budget().runs()));
    }

    private static Decision await(State state, Request request, Instant at) {
        List<Pending> queue = new ArrayList<>(state.queue());
        Pending arriving = request.pending(at);
        for (int i = 0; i < queue.size(); i++) {
            if (queue.get(i).retraining().equals(request.retraining())) {
                queue.set(i, queue.get(i).merge(arriving));
                return Decision.changed(
                        state.with(queue),
                        Finding.of(request.retraining() + " waits already, since "
                                + queue.get(i).since() + "; this trigger (" + request.why() + ") goes into that one"));
            }
        }
        queue.add(arriving);
        return Decision.changed(
                state.with(queue),
                Finding.of(request.retraining() + " waits (" + request.why() + "): the model is in "
                        + state.phase().name()));
    }

    private static Decision start(State state, Request request, Instant at) {
        RetrainingPolicy policy =
                state.policies().retraining(request.retraining()).orElseThrow();
        RolloutPolicy rollout = state.policies().rollout(policy.rollout()).orElseThrow();
        Ledger ledger = state.ledger(policy.name()).started(at, policy.budget());
        Run run = new Run(
                policy.name() + "-" + ledger.runs(),
                policy,
                rollout,
                request.trigger(),
                state.serving().champion().orElseThrow(),
                at);
        Instant gate = at.minus(policy.gate().window());
        Finding why = Finding.of(Say.of(
                        "%s starts (%s): trains on %s to %s, is compared with %s on the rows from there to %s; run %,d"
                                + " of %,d in %s",
                        run.version(),
                        request.why(),
                        gate.minus(policy.window()),
                        gate,
                        run.champion(),
                        at,
                        ledger.spent(at, policy.budget()),
                        policy.budget().runs(),
                        Say.days(policy.budget().per())))
                .with("spent_runs", ledger.spent(at, policy.budget()))
                .with("budget_runs", policy.budget().runs());
        State next = state.with(policy.name(), ledger).with(new Phase.Training(run));
        return Decision.changed(next, why, Specs.training(state.model(), run, state.serving()));
    }
}
