package dev.tidewheel.lifecycle.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The times at which a retraining is due: {@code from}, and then one after every {@code every}.
 */
public record SlotPlan(Duration every, Instant from) {
    public SlotPlan {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("a schedule repeats after more than nothing, not after " + every);
        }
    }

    /**
     * The newest slot that is due and not used. Those before it count as missed: however long nobody looked, one start is
     * owed and not many.
     *
     * @param used the newest slot that was used
     */
    public Optional<Instant> due(Instant now, Optional<Instant> used) {
        if (now.isBefore(from)) {
            return Optional.empty();
        }
        Instant newest =
                from.plus(every.multipliedBy(Duration.between(from, now).dividedBy(every)));
        return used.filter(slot -> !slot.isBefore(newest)).isPresent() ? Optional.empty() : Optional.of(newest);
    }
}
