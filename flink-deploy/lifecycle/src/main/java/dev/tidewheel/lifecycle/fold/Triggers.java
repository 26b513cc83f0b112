package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.records.Trigger;
import dev.tidewheel.records.TriggerReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reasons to train: alerts, people, the schedule. */
final class Triggers {
    /** What a person writes as the detail of a manual trigger without a retraining to take a version out. */
    static final String ROLLBACK = "rollback";

    private Triggers() {}

    /**
     * @param sent the trigger's own time
     * @param at the time of the decision
     */
    static Decision decide(State state, String id, Trigger trigger, Instant sent, Instant at) {
        if (state.memory().knows(id)) {
            return Decision.duplicate(state, "trigger " + id + " was decided before");
        }
        if (state.memory().mayHaveForgotten(sent)) {
            return Decision.refused(
                    state,
                    "trigger " + id + " of " + sent + " may have been decided and forgotten: nothing up to "
                            + state.memory().forgotten().orElseThrow() + " is remembered");
        }
        Decision decision = fresh(state, id, trigger, at);
        return matters(state, trigger)
                ? decision.with(decision.state().with(state.memory().remember(id, sent)))
                : decision;
    }

    /** The schedule's slots that are due, one per retraining, however many were missed. */
    static Decision due(State state, Instant now) {
        Decision decision = Decision.start(state);
        if (state.serving().champion().isEmpty()) {
            return decision;
        }
        for (RetrainingPolicy policy : state.policies().retrainings().values()) {
            Optional<Instant> slot = policy.schedule()
                    .flatMap(plan -> plan.due(now, state.ledger(policy.name()).slot()));
            if (slot.isPresent()) {
                decision = decision.then(next -> slot(next, policy.name(), slot.get(), now));
            }
        }
        return decision;
    }

    private static Decision slot(State state, String retraining, Instant slot, Instant now) {
        State used = state.with(retraining, state.ledger(retraining).used(slot));
        Request request = new Request(
                retraining, "schedule/" + retraining + "/" + slot, "its slot of " + slot + " is due", Set.of(), false);
        return Starts.request(used, request, now);
    }

    private static Decision fresh(State state, String id, Trigger trigger, Instant at) {
        String named = trigger.getRetraining();
        boolean manual = trigger.getReason() == TriggerReason.MANUAL;
        if (named != null) {
            String why = (manual ? "a person asks: " : "") + trigger.getDetail();
            return Starts.request(state, new Request(named, id, why, about(trigger), manual), at);
        }
        if (manual && trigger.getDetail().equals(ROLLBACK)) {
            return Vetoes.rollBack(state, Finding.of("a person asks for the rollback"), at);
        }
        if (trigger.getReason() != TriggerReason.ALERT) {
            return Decision.refused(state, "the trigger names no retraining");
        }
        List<RetrainingPolicy> waiting = waitingFor(state, trigger);
        if (waiting.isEmpty()) {
            return Decision.refused(
                    state,
                    "no retraining waits for rule " + trigger.getRule() + " of monitor " + trigger.getMonitor() + ": "
                            + trigger.getDetail());
        }
        Decision decision = Decision.start(state);
        for (RetrainingPolicy policy : waiting) {
            String why = "rule " + trigger.getRule() + " of " + trigger.getMonitor() + " fired: " + trigger.getDetail();
            Request request = new Request(policy.name(), id, why, about(trigger), false);
            decision = decision.then(next -> Starts.request(next, request, at));
        }
        return decision;
    }

    /** Whether it could have done anything. What nobody waits for need not be remembered: it is refused again. */
    private static boolean matters(State state, Trigger trigger) {
        return trigger.getReason() == TriggerReason.MANUAL
                || trigger.getRetraining() != null
                || !waitingFor(state, trigger).isEmpty();
    }

    private static List<RetrainingPolicy> waitingFor(State state, Trigger trigger) {
        String severity = AlertDetail.severity(trigger.getDetail());
        return state.policies().retrainings().values().stream()
                .filter(policy -> policy.alerts().stream()
                        .anyMatch(rule -> rule.matches(trigger.getMonitor(), trigger.getRule(), severity)))
                .toList();
    }

    private static Set<String> about(Trigger trigger) {
        return trigger.getModelVersion() == null ? Set.of() : Set.of(trigger.getModelVersion());
    }
}
