package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.jobs.dead.Refusal;
import dev.tidewheel.jobs.route.RoutedChange;
import dev.tidewheel.records.DeadLetterReason;

/** Words what a keyed stage refuses. */
final class Refusals {
    private Refusals() {}

    /** A view found a change late or could not take it. */
    static Refusal of(Disposition disposition, StageSpec stage, StageView view, String key, RoutedChange change) {
        if (disposition == Disposition.LATE) {
            return refusal(
                    stage,
                    view.name(),
                    DeadLetterReason.LATE,
                    "known " + (change.knownTime() - change.eventTime()) + " ms after its event, the horizon is "
                            + view.plan().spec().horizonMillis() + " ms",
                    key,
                    change);
        }
        long ahead = change.eventTime() - change.knownTime();
        if (ahead > view.plan().spec().futureLimitMillis()) {
            return refusal(
                    stage,
                    view.name(),
                    DeadLetterReason.FUTURE,
                    "the event lies " + ahead + " ms after it was known, the limit is "
                            + view.plan().spec().futureLimitMillis() + " ms",
                    key,
                    change);
        }
        String detail = view.plan().rejection(change.change()).orElse("an expression of the view failed");
        boolean cannotTake = change.retraction() && !view.plan().retracts();
        DeadLetterReason reason = cannotTake ? DeadLetterReason.OTHER : DeadLetterReason.EXPRESSION_ERROR;
        return refusal(stage, view.name(), reason, detail, key, change);
    }

    /** A change came so long after others of its time that a repetition could not be told any more. */
    static Refusal stateFreed(StageSpec stage, String key, RoutedChange change) {
        return new Refusal(
                change.partition(),
                change.offset(),
                change.timestamp(),
                "dedupe/" + stage.name(),
                null,
                DeadLetterReason.STATE_FREED,
                "the watermark has passed its hour and the horizon: whether it repeats another is not known any more",
                key,
                change.eventTime(),
                change.knownTime(),
                null,
                null);
    }

    private static Refusal refusal(
            StageSpec stage, String view, DeadLetterReason reason, String detail, String key, RoutedChange change) {
        return new Refusal(
                change.partition(),
                change.offset(),
                change.timestamp(),
                "view" + (change.retraction() ? Refusal.BEFORE : "") + stage.suffix(),
                view,
                reason,
                detail,
                key,
                change.eventTime(),
                change.knownTime(),
                null,
                null);
    }
}
