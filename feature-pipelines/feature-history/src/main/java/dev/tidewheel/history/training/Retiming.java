package dev.tidewheel.history.training;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KnownTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * In which world questions are answered: from when on each change counts. With e the event time and k the known time of a
 * change, it counts at t from visibleAt = max(k′, e + 1 ms) on, where
 *
 * <ul>
 *   <li>POINT_IN_TIME: k′ = k;
 *   <li>EVENT_TIME: k′ = e;
 *   <li>KNOWN_BY(x): k′ = e if k ≤ x, else the change does not exist;
 *   <li>HINDSIGHT(d): k′ = k − d.
 * </ul>
 *
 * <p>What is late or too far ahead is refused by the original times, as serving did; in EVENT_TIME nothing is.
 *
 * @param kind which
 * @param millis x since the epoch, or d; 0 for the others
 */
public record Retiming(Knowledge kind, long millis) {
    /** What serving could know. */
    public static final Retiming POINT_IN_TIME = new Retiming(Knowledge.POINT_IN_TIME, 0);
    /** What a join on event times knows. */
    public static final Retiming EVENT_TIME = new Retiming(Knowledge.EVENT_TIME, 0);

    public Retiming {
        Objects.requireNonNull(kind, "kind");
        if (kind == Knowledge.HINDSIGHT && millis < 0) {
            throw new IllegalArgumentException(
                    "hindsight looks ahead, and " + millis + " ms does not; a serving delay looks back");
        }
    }

    /** What was known at a moment. */
    public static Retiming knownBy(Instant moment) {
        return new Retiming(Knowledge.KNOWN_BY, moment.toEpochMilli());
    }

    /** What was known so long after each question. */
    public static Retiming hindsight(Duration ahead) {
        return new Retiming(Knowledge.HINDSIGHT, ahead.toMillis());
    }

    /**
     * When changes count as known in this world.
     *
     * @param view of their source, whose horizon and future limit say what is refused
     */
    public KnownTimes known(ViewSpec view) {
        return switch (kind) {
            case POINT_IN_TIME -> KnownTimes.REAL;
            case EVENT_TIME -> KnownTimes.WHEN_HAPPENED;
            case KNOWN_BY, HINDSIGHT ->
                (event, known) -> isRefused(event, known, view) ? KnownTimes.NEVER : moved(event, known);
        };
    }

    /** The same without what really became known after a moment. */
    public KnownTimes known(ViewSpec view, Optional<Instant> asOf) {
        KnownTimes all = known(view);
        return asOf.isPresent() ? all.knownBy(asOf.get().toEpochMilli()) : all;
    }

    /** A history as this world has it. */
    public ChangeHistory of(ChangeHistory history, ViewSpec view) {
        return kind == Knowledge.POINT_IN_TIME ? history : history.retimed(known(view));
    }

    private long moved(long event, long known) {
        if (kind == Knowledge.KNOWN_BY) {
            return known <= millis ? event : KnownTimes.NEVER;
        }
        long earlier = known < Long.MIN_VALUE + millis ? Long.MIN_VALUE : known - millis;
        // Not before it happened: that is not seen any sooner, and would look as if it lay too far ahead.
        return Math.max(earlier, event);
    }

    private static boolean isRefused(long event, long known, ViewSpec view) {
        boolean late = Change.isLate(event, known, view.horizonMillis());
        boolean tooFarAhead = Change.isLate(known, event, view.futureLimitMillis());
        return late || tooFarAhead;
    }
}
