package dev.tidewheel.lifecycle.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which triggers were decided already, so that none starts anything twice. Bounded: an id is forgotten {@value #DAYS} days
 * after its trigger's own time, or earlier when more than {@value #KEPT} newer ones are known. What is forgotten leaves
 * its time behind, and a trigger that is not newer than that is refused, because nobody can tell any more whether it was
 * decided: forgetting can lose a late trigger, with a reason, but never repeat one.
 *
 * @param seen newest last, by (at, id)
 * @param forgotten the newest time whose triggers may be missing in {@code seen}
 */
public record Memory(List<Seen> seen, Optional<Instant> forgotten) {
    private static final int KEPT = 512;
    private static final int DAYS = 28;
    private static final Duration HORIZON = Duration.ofDays(DAYS);
    private static final Comparator<Seen> ORDER = Comparator.comparing(Seen::at).thenComparing(Seen::id);

    static final Memory EMPTY = new Memory(List.of(), Optional.empty());

    public Memory {
        seen = List.copyOf(seen);
    }

    /** @param at the trigger's own time */
    public record Seen(Instant at, String id) {}

    public boolean knows(String id) {
        return seen.stream().anyMatch(one -> one.id().equals(id));
    }

    /** Whether a trigger of this time may have been decided and forgotten. */
    public boolean mayHaveForgotten(Instant at) {
        return forgotten.filter(last -> !at.isAfter(last)).isPresent();
    }

    public Memory remember(String id, Instant at) {
        List<Seen> next = new ArrayList<>(seen);
        next.add(new Seen(at, id));
        next.sort(ORDER);
        return next.size() <= KEPT
                ? new Memory(next, forgotten)
                : new Memory(
                        next.subList(1, next.size()),
                        later(forgotten, next.get(0).at()));
    }

    /** Without what lies beyond the horizon. */
    public Memory forgetBefore(Instant clock) {
        Instant horizon = clock.minus(HORIZON);
        List<Seen> kept = seen.stream().filter(one -> one.at().isAfter(horizon)).toList();
        return kept.size() == seen.size() ? this : new Memory(kept, later(forgotten, horizon));
    }

    private static Optional<Instant> later(Optional<Instant> one, Instant other) {
        return one.filter(other::isBefore).or(() -> Optional.of(other));
    }
}
