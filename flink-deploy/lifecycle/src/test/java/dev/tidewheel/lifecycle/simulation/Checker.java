package dev.tidewheel.lifecycle.simulation;

import dev.tidewheel.lifecycle.fold.Decision;
import dev.tidewheel.lifecycle.fold.Finding;
import dev.tidewheel.lifecycle.fold.Outcome;
import dev.tidewheel.lifecycle.fold.Wish;
import dev.tidewheel.lifecycle.policy.RetrainingPolicy;
import dev.tidewheel.lifecycle.state.Pending;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.Traffic;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.Trigger;
import dev.tidewheel.records.TriggerReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What must hold after every decision. It keeps its own books, from what was committed, and believes no state. */
final class Checker {
    private final LongSupplier servedByAll;
    private final Map<String, Wish> newest = new TreeMap<>();
    private final Set<String> starts = new HashSet<>();
    private final Map<String, List<Instant>> startTimes = new HashMap<>();
    private final Set<String> manual = new HashSet<>();
    private final Set<String> triggers = new HashSet<>();
    /** By retraining, all that waits in its one place. */
    private final Map<String, List<Asked>> waiting = new HashMap<>();

    private int promotions;
    private int queued;

    /**
     * A trigger that waits.
     *
     * @param about null if whoever is champion is meant
     */
    private record Asked(String id, @Nullable String about, boolean manual) {
        static Asked of(LifecycleEvent event) {
            Trigger trigger = event.getTrigger();
            return trigger == null
                    ? new Asked(event.getId(), null, false)
                    : new Asked(event.getId(), trigger.getModelVersion(), trigger.getReason() == TriggerReason.MANUAL);
        }
    }

    /** @param servedByAll the oldest generation of the traffic that a sidecar serves */
    Checker(LongSupplier servedByAll) {
        this.servedByAll = servedByAll;
    }

    int started() {
        return starts.size();
    }

    int promoted() {
        return promotions;
    }

    int queued() {
        return queued;
    }

    void decided(State before, LifecycleEvent event, Decision decision) {
        Violation.unless(!decision.reason().isBlank(), "no reason for %s", event.getId());
        decision.desired().forEach(this::desired);
        atMostOne();
        trigger(before, event, decision);
        started(before, decision.state());
        queue(before, decision);
        merged(before, event, decision);
        rollout(before, decision.state());
    }

    private void desired(Wish wish) {
        Wish former = newest.put(wish.slot(), wish);
        Violation.unless(
                former == null || former.generation() < wish.generation(),
                "%s goes from generation %s to %s",
                wish.slot(),
                former,
                wish);
    }

    private void atMostOne() {
        long runs = newest.values().stream()
                .filter(wish -> wish.kind().equals(Run.KIND) && wish.present())
                .count();
        Violation.unless(runs <= 1, "%d trainings are desired: %s", runs, newest.keySet());
        Wish traffic = newest.get(Traffic.SLOT);
        Violation.unless(
                traffic == null
                        || traffic.spec().contains("\"shadow\":null")
                        || traffic.spec().contains("\"canary\":null"),
                "two challengers at once: %s",
                traffic);
    }

    /** No trigger is lost: the first time it starts, waits, goes into one that waits, or is refused. */
    private void trigger(State before, LifecycleEvent event, Decision decision) {
        if (event.getKind() != LifecycleEventKind.TRIGGER || !triggers.add(event.getId())) {
            return;
        }
        if (event.getTrigger().getReason() == TriggerReason.MANUAL) {
            manual.add(event.getId());
        }
        boolean started = isStartedBy(decision.state(), event.getId());
        boolean waits = decision.state().queue().stream()
                .anyMatch(pending -> pending.trigger().equals(event.getId()));
        boolean merged = merged(decision.state()) > merged(before);
        boolean refused =
                decision.outcome() == Outcome.REFUSED || decision.reason().contains(" does not start (");
        boolean rolledBack = "rollback".equals(event.getTrigger().getDetail()) && decision.outcome() == Outcome.CHANGED;
        queued += waits || merged ? 1 : 0;
        Violation.unless(
                started || waits || merged || refused || rolledBack,
                "trigger %s is lost: %s",
                event.getId(),
                decision.reason());
    }

    /** No second start for one trigger; cool-down and budget are kept. */
    private void started(State before, State after) {
        if (!(after.phase() instanceof Phase.Training training)
                || before.phase() instanceof Phase.Active active
                        && active.run().version().equals(training.run().version())) {
            return;
        }
        Run run = training.run();
        RetrainingPolicy rules = Rules.of(run.retraining().name());
        Violation.unless(
                starts.add(run.trigger() + " → " + rules.name()), "%s starts again by %s", rules.name(), run.trigger());
        List<Instant> times = startTimes.computeIfAbsent(rules.name(), name -> new ArrayList<>());
        for (Instant time : times) {
            boolean cool = !run.startedAt().isBefore(time.plus(rules.cooldown()));
            // Into a person's wish others may have been merged, and the other way round.
            Violation.unless(
                    cool || !run.trigger().startsWith("alert/") || mayHaveMerged(before, run),
                    "%s starts at %s, too soon after %s",
                    run.version(),
                    run.startedAt(),
                    time);
        }
        times.add(run.startedAt());
        Instant from = run.startedAt().minus(rules.budget().per());
        long spent = times.stream().filter(time -> time.isAfter(from)).count();
        Violation.unless(spent <= rules.budget().runs(), "%s has spent its budget: %s", rules.name(), times);
    }

    private static boolean mayHaveMerged(State before, Run run) {
        return before.queue().stream().anyMatch(pending -> pending.trigger().equals(run.trigger()) && pending.manual());
    }

    /** What leaves the queue starts, or is refused with a reason. */
    private static void queue(State before, Decision decision) {
        Set<String> names = new HashSet<>();
        decision.state()
                .queue()
                .forEach(pending -> Violation.unless(
                        names.add(pending.retraining()), "two triggers of %s wait", pending.retraining()));
        for (Pending pending : before.queue()) {
            boolean waits = decision.state().queue().stream()
                    .anyMatch(now -> now.trigger().equals(pending.trigger())
                            && now.retraining().equals(pending.retraining()));
            boolean refused = decision.findings().stream()
                    .anyMatch(finding -> finding.sentence().startsWith(pending.retraining() + " does not start"));
            Violation.unless(
                    waits || refused || isStartedBy(decision.state(), pending.trigger()),
                    "trigger %s of the queue is lost: %s",
                    pending.trigger(),
                    decision.reason());
        }
    }

    /** What waits in one place is refused together only if each could be refused alone. */
    private void merged(State before, LifecycleEvent event, Decision decision) {
        State after = decision.state();
        for (Pending pending : before.queue()) {
            String retraining = pending.retraining();
            if (after.pending(retraining).isPresent()) {
                continue;
            }
            List<Asked> asked = waiting.remove(retraining);
            decision.findings().stream()
                    .map(Finding::sentence)
                    .filter(sentence -> sentence.startsWith(retraining + " does not start ("))
                    .forEach(why -> asked.forEach(one -> Violation.unless(
                            mayBeRefused(one, why, after.serving().champion().orElseThrow()),
                            "%s is refused for others that it waited with: %s",
                            one,
                            why)));
        }
        for (Pending pending : after.queue()) {
            int merged =
                    before.pending(pending.retraining()).map(Pending::merged).orElse(-1);
            if (pending.merged() > merged) {
                waiting.computeIfAbsent(pending.retraining(), name -> new ArrayList<>())
                        .add(Asked.of(event));
            }
        }
    }

    private static boolean mayBeRefused(Asked asked, String why, String champion) {
        if (why.contains("the alert is about")) {
            return asked.about() != null && !asked.about().equals(champion);
        }
        return !(why.contains("cool-down until") && asked.manual());
    }

    /** A stage begins when every sidecar splits the requests so; only a challenger that was canary is promoted. */
    private void rollout(State before, State after) {
        String champion = after.serving().champion().orElseThrow();
        Wish traffic = newest.get(Traffic.SLOT);
        Violation.unless(
                traffic == null || traffic.spec().contains("\"champion\":\"" + champion + "\""),
                "champion is %s, but the traffic goes by %s",
                champion,
                traffic);
        if (after.phase() instanceof Phase.Rollout rollout
                && rollout.stage().since().isPresent()
                && !(before.phase() instanceof Phase.Rollout former
                        && former.stage().since().isPresent()
                        && former.name().equals(rollout.name()))) {
            Violation.unless(
                    servedByAll.getAsLong() >= after.serving().traffic().generation(),
                    "%s began before the sidecars split the requests",
                    rollout.name());
        }
        if (after.phase() instanceof Phase.Watching watching && !(before.phase() instanceof Phase.Watching)) {
            promotions++;
            Violation.unless(
                    before.phase() instanceof Phase.Canary canary
                            && canary.step() == Rules.ROLLOUT.canary().size() - 1
                            && canary.challenger().equals(watching.challenger()),
                    "%s was promoted from %s",
                    watching.challenger().version(),
                    before.phase().name());
        }
    }

    /** When everything has come to rest. */
    void atRest(State state, String served) {
        Violation.unless(state.settled(), "at rest, but not settled: %s", state.phase());
        Violation.unless(
                state.serving().traffic().failure().isPresent()
                        || state.serving().champion().orElseThrow().equals(served),
                "champion is %s, but the sidecars serve %s",
                state.serving().champion(),
                served);
    }

    /** Two rollouts and more later, what waited before them has had its turn. */
    void atEnd(State state, Instant before) {
        state.queue()
                .forEach(pending -> Violation.unless(
                        !pending.since().isBefore(before), "%s waits since %s", pending, pending.since()));
    }

    private static long merged(State state) {
        return state.queue().stream().mapToLong(Pending::merged).sum();
    }

    private static boolean isStartedBy(State state, String trigger) {
        return state.phase() instanceof Phase.Training training
                && training.run().trigger().equals(trigger);
    }
}
