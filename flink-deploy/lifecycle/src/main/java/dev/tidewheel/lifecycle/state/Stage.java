package dev.tidewheel.lifecycle.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a stage of a rollout has come.
 *
 * @param decidedAt when it was decided; its deadline counts from here
 * @param since when the cluster said that the requests are split like this; its duration and its health count from here
 * @param health of the challenger since then
 */
public record Stage(Instant decidedAt, Optional<Instant> since, HealthSums health) {
    public static Stage decided(Instant at) {
        return new Stage(at, Optional.empty(), HealthSums.EMPTY);
    }

    /** The requests are split; only the first word counts. */
    public Stage began(Instant at) {
        return since.isPresent() ? this : new Stage(decidedAt, Optional.of(at), health);
    }

    public Stage with(HealthSums health) {
        return new Stage(decidedAt, since, health);
    }

    /** Whether it has lasted. */
    public boolean lasted(Duration duration, Instant at) {
        return since.filter(begin -> !at.isBefore(begin.plus(duration))).isPresent();
    }

    public boolean overdue(Duration deadline, Instant at) {
        return !at.isBefore(decidedAt.plus(deadline));
    }

    /** Whether a window lies in it. One that began earlier holds rows of the time before, too. */
    public boolean covers(Instant windowStart) {
        return since.filter(begin -> !windowStart.isBefore(begin)).isPresent();
    }

    /** Whether a window has any of its time. */
    public boolean reaches(Instant windowEnd) {
        return since.filter(windowEnd::isAfter).isPresent();
    }
}
