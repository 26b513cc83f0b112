package dev.tidewheel.lifecycle.state;

import dev.tidewheel.lifecycle.policy.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one retraining has used up. Failed and refused runs count: they cost the same.
 *
 * @param runs how many there were; the last one is called {@code <retraining>-<runs>}
 * @param starts the newest ones, ascending: at least {@value #KEPT}, or as many as the budget allows at once
 * @param slot the newest slot of the schedule that was used
 */
public record Ledger(int runs, List<Instant> starts, Optional<Instant> slot) {
    private static final int KEPT = 128;

    public static final Ledger EMPTY = new Ledger(0, List.of(), Optional.empty());

    public Ledger {
        starts = List.copyOf(starts);
    }

    public Ledger started(Instant at, Budget budget) {
        List<Instant> next = new ArrayList<>(starts);
        next.add(at);
        next.sort(null);
        int kept = Math.max(KEPT, budget.runs());
        return new Ledger(runs + 1, next.subList(Math.max(0, next.size() - kept), next.size()), slot);
    }

    public Ledger used(Instant slot) {
        return new Ledger(runs, starts, Optional.of(slot));
    }

    /** When the cool-down after the last start is over; empty if it is, or nothing was ever started. */
    public Optional<Instant> coolingUntil(Instant at, Duration cooldown) {
        return starts.isEmpty()
                ? Optional.empty()
                : Optional.of(starts.get(starts.size() - 1).plus(cooldown)).filter(at::isBefore);
    }

    /** How many starts the budget's time holds. One that lies ahead, by somebody's clock, counts too. */
    public long spent(Instant at, Budget budget) {
        Instant after = at.minus(budget.per());
        return starts.stream().filter(start -> start.isAfter(after)).count();
    }
}
