package dev.tidewheel.lifecycle.state;

import dev.tidewheel.lifecycle.policy.Policies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that decisions about one model depend on. Immutable; every {@code with} returns a changed copy. What grows is
 * bounded: the queue by the number of retrainings, ledgers and memory by themselves, the history by {@value #HISTORY}
 * entries.
 *
 * @param clock the newest tick
 * @param ledgers by retraining
 * @param queue in order of arrival, at most one per retraining
 * @param history oldest first
 */
public record State(
        String model,
        Optional<Instant> clock,
        Serving serving,
        Phase phase,
        Policies policies,
        SortedMap<String, Ledger> ledgers,
        List<Pending> queue,
        Memory memory,
        List<Ended> history) {
    private static final int HISTORY = 32;

    public State {
        ledgers = Collections.unmodifiableSortedMap(new TreeMap<>(ledgers));
        queue = List.copyOf(queue);
        history = List.copyOf(history);
    }

    /** Before the first event. */
    public static State initial(String model) {
        return new State(
                model,
                Optional.empty(),
                Serving.NONE,
                new Phase.Idle(),
                Policies.NONE,
                new TreeMap<>(),
                List.of(),
                Memory.EMPTY,
                List.of());
    }

    /**
     * Whether nothing is awaited from the cluster and nothing that waits could start: story time may go on. A queued
     * trigger starts as soon as the model is idle, in the decision that made it so, so an idle model's queue is empty.
     */
    public boolean settled() {
        return serving.traffic().observed()
                && !(phase instanceof Phase.Active)
                && !(phase instanceof Phase.Idle && !queue.isEmpty());
    }

    public Ledger ledger(String retraining) {
        return ledgers.getOrDefault(retraining, Ledger.EMPTY);
    }

    /** The trigger of a retraining that waits, if one does. */
    public Optional<Pending> pending(String retraining) {
        return queue.stream().filter(one -> one.retraining().equals(retraining)).findFirst();
    }

    /** Forgets what is beyond the memory's horizon, too. */
    public State with(Instant clock) {
        return new State(
                model,
                Optional.of(clock),
                serving,
                phase,
                policies,
                ledgers,
                queue,
                memory.forgetBefore(clock),
                history);
    }

    public State with(Serving serving) {
        return new State(model, clock, serving, phase, policies, ledgers, queue, memory, history);
    }

    public State with(Phase phase) {
        return new State(model, clock, serving, phase, policies, ledgers, queue, memory, history);
    }

    public State with(Policies policies) {
        return new State(model, clock, serving, phase, policies, ledgers, queue, memory, history);
    }

    public State with(String retraining, Ledger ledger) {
        SortedMap<String, Ledger> next = new TreeMap<>(ledgers);
        next.put(retraining, ledger);
        return new State(model, clock, serving, phase, policies, next, queue, memory, history);
    }

    public State with(List<Pending> queue) {
        return new State(model, clock, serving, phase, policies, ledgers, queue, memory, history);
    }

    public State with(Memory memory) {
        return new State(model, clock, serving, phase, policies, ledgers, queue, memory, history);
    }

    public State with(Ended ended) {
        List<Ended> next = new ArrayList<>(history);
        next.add(ended);
        List<Ended> kept = next.subList(Math.max(0, next.size() - HISTORY), next.size());
        return new State(model, clock, serving, phase, policies, ledgers, queue, memory, kept);
    }
}
