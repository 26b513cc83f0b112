package dev.tidewheel.workbench.dead;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which letters somebody means: those to which all of this applies.
 *
 * @param topics that the record came from, any of them; empty for all
 * @param view that refused it
 * @param reasons any of them; empty for all
 * @param since written at this time or later; by the clock of whoever refused
 * @param position {@code topic/partition/offset} of one record
 * @param handled whether those with a mark are meant too
 */
public record LetterFilter(
        Set<String> topics,
        Optional<String> view,
        Set<DeadLetterReason> reasons,
        Optional<Instant> since,
        Optional<String> position,
        boolean handled) {
    /** All that are open. */
    public static final LetterFilter OPEN =
            new LetterFilter(Set.of(), Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), false);

    public LetterFilter {
        topics = Set.copyOf(topics);
        Objects.requireNonNull(view, "view");
        reasons = Set.copyOf(reasons);
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(position, "position");
    }

    /** Whether it names anything: without that, what changes letters would change all. */
    public boolean isNarrow() {
        return !topics.isEmpty() || view.isPresent() || !reasons.isEmpty() || since.isPresent() || position.isPresent();
    }

    /** All letters, handled ones too, that may be about the records of those that are meant. */
    LetterFilter aboutTheSame() {
        return new LetterFilter(topics, Optional.empty(), Set.of(), Optional.empty(), position, true);
    }

    /** Whether a letter is meant, its time and its mark aside. */
    boolean matches(DeadLetter letter) {
        return (topics.isEmpty() || topics.contains(letter.getTopic()))
                && view.map(wanted -> wanted.equals(letter.getView())).orElse(true)
                && (reasons.isEmpty() || reasons.contains(letter.getReason()))
                && position.map(Letters.position(letter)::equals).orElse(true);
    }
}
