package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.policy.HealthPolicy;
import dev.tidewheel.lifecycle.state.Challenger;
import dev.tidewheel.lifecycle.state.Ended;
import dev.tidewheel.lifecycle.state.Ended.End;
import dev.tidewheel.lifecycle.state.HealthSums;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Phase.Rollout;
import dev.tidewheel.lifecycle.state.Phase.Trial;
import dev.tidewheel.lifecycle.state.Phase.Watching;
import dev.tidewheel.lifecycle.state.Stage;
import dev.tidewheel.lifecycle.state.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A challenger's way through shadow, canary and watch. A stage is over when it has lasted, has seen enough rows, and was
 * healthy; bad health ends it at once, and too few rows at the deadline end it too. In doubt, the champion stays.
 */
final class Rollouts {
    private Rollouts() {}

    /** Begins a stage: its way of splitting the requests is desired from now on. */
    static Decision enter(State state, Rollout rollout, Finding why) {
        State next = routed(state.with(rollout));
        return Decision.changed(
                next,
                why,
                Specs.traffic(
                        rollout, next.serving(), rollout.challenger().rollout().hash()));
    }

    /** What is due in a rollout at a tick. */
    static Decision due(State state, Rollout rollout, Instant at) {
        Stage stage = rollout.stage();
        boolean enough = stage.health().allRows() >= rollout.minRows();
        if (stage.lasted(rollout.lasts(), at) && enough) {
            return rollout instanceof Trial trial ? advance(state, trial, at) : watched(state, (Watching) rollout);
        }
        if (rollout instanceof Trial trial
                && stage.overdue(trial.challenger().rollout().deadline(), at)) {
            return giveUp(state, trial, at);
        }
        return new Decision(state, Outcome.UNCHANGED, List.of(goesOn(rollout)), List.of());
    }

    /** The requests are split as desired: the stage begins. */
    static State began(State state, Instant at) {
        return state.phase() instanceof Rollout rollout
                ? state.with(rollout.with(rollout.stage().began(at)))
                : state;
    }

    /** One window of a version's health. */
    static Decision health(State state, Rollout rollout, HealthSums.Window window, Instant at) {
        HealthPolicy policy = rollout.challenger().rollout().health();
        HealthSums before = rollout.stage().health();
        boolean covered = rollout.stage().covers(window.start());
        HealthSums sums = covered ? before.with(window, policy) : before.straddledBy(window);
        Rollout counted = rollout.with(rollout.stage().with(sums));
        State next = state.with(counted);
        Optional<Finding> sick = sickness(counted);
        return sick.map(finding -> stop(next, counted, End.ABORTED, finding, at))
                .orElseGet(() -> Decision.changed(
                        next,
                        Finding.of(Say.of(
                                        "%s of %s counted in %s%s: %s and %,d errors so far",
                                        Say.rows(window.rows()),
                                        rollout.challenger().version(),
                                        rollout.name(),
                                        covered ? "" : ", which began in their window, for their errors alone",
                                        Say.rows(sums.allRows()),
                                        sums.allErrors()))
                                .with("rows", sums.allRows())
                                .with("errors", sums.allErrors())));
    }

    /** Ends a rollout before its time: the champion of before answers alone. */
    static Decision stop(State state, Rollout rollout, End end, Finding why, Instant at) {
        if (rollout instanceof Watching watching) {
            return rollBack(
                    state.with(new Phase.Idle()),
                    watching.former(),
                    watching.challenger().retraining(),
                    watching.challenger().rollout().hash(),
                    why,
                    at);
        }
        State next = routed(state.with(new Phase.Idle()).with(ended(rollout.challenger(), at, end, why)));
        return Decision.changed(
                next,
                new Finding(
                        why.sentence() + "; " + rollout.challenger().version() + " is taken out, champion "
                                + champion(state) + " answers alone",
                        why.numbers()),
                Specs.traffic(
                        next.phase(),
                        next.serving(),
                        rollout.challenger().rollout().hash()));
    }

    /**
     * Brings the former champion back, with the features that it was trained on. Whatever else goes on, goes on.
     *
     * @param retraining that made the version that leaves; empty if that is not known
     * @param definitionHash of the rollout that brought it; empty likewise
     */
    static Decision rollBack(
            State state, String former, String retraining, String definitionHash, Finding why, Instant at) {
        String leaving = champion(state);
        State next = routed(state.with(state.serving().rollBack(former))
                .with(new Ended(leaving, retraining, at, End.ROLLED_BACK, why.sentence())));
        return Decision.changed(
                next,
                new Finding(
                        why.sentence() + "; " + leaving + " is taken out and " + former + " is champion again",
                        why.numbers()),
                Specs.traffic(next.phase(), next.serving(), definitionHash));
    }

    private static Decision advance(State state, Trial trial, Instant at) {
        Rollout next = trial.next(champion(state), at);
        Finding good = figures(
                trial,
                Say.of(
                        "%s of %s was healthy: %s, %s errors%s",
                        trial.name(),
                        trial.challenger().version(),
                        Say.rows(trial.stage().health().allRows()),
                        Say.percent(errorShare(trial)),
                        p99(trial)));
        if (next instanceof Watching) {
            String version = trial.challenger().version();
            Finding promoted = new Finding(good.sentence() + "; it is promoted to champion", good.numbers());
            State crowned = state.with(state.serving().promote(version))
                    .with(ended(trial.challenger(), at, End.PROMOTED, good));
            return enter(crowned, next, promoted);
        }
        return enter(state, next, new Finding(good.sentence() + "; goes to " + next.name(), good.numbers()));
    }

    private static Decision watched(State state, Watching watching) {
        return Decision.changed(
                state.with(new Phase.Idle()),
                figures(
                        watching,
                        Say.of(
                                "the watch over champion %s ends: %s, %s errors%s",
                                watching.challenger().version(),
                                Say.rows(watching.stage().health().allRows()),
                                Say.percent(errorShare(watching)),
                                p99(watching))));
    }

    private static Decision giveUp(State state, Trial trial, Instant at) {
        Finding why = figures(
                trial,
                trial.stage().since().isEmpty()
                        ? trial.name() + " of " + trial.challenger().version()
                                + " is refused: the cluster did not split the requests before the deadline"
                        : Say.of(
                                "%s of %s is refused: %s before the deadline, but %s are needed",
                                trial.name(),
                                trial.challenger().version(),
                                Say.rows(trial.stage().health().allRows()),
                                Say.rows(trial.minRows())));
        return stop(state, trial, End.REFUSED, why, at);
    }

    private static Finding goesOn(Rollout rollout) {
        String until = rollout.stage()
                .since()
                .map(since -> "until " + since.plus(rollout.lasts()))
                .orElse("once the requests are split");
        return Finding.of(Say.of(
                        "%s of %s goes on %s: %s of %,d",
                        rollout.name(),
                        rollout.challenger().version(),
                        until,
                        Say.rows(rollout.stage().health().allRows()),
                        rollout.minRows()))
                .with("rows", rollout.stage().health().allRows())
                .with("min_rows", rollout.minRows());
    }

    /** What is wrong with a version, if anything is. */
    private static Optional<Finding> sickness(Rollout rollout) {
        HealthPolicy policy = rollout.challenger().rollout().health();
        HealthSums sums = rollout.stage().health();
        String who = rollout.challenger().version() + " is not healthy in " + rollout.name() + ": ";
        if (sums.judgedRows() >= policy.minRows() && errorShare(rollout) > policy.maxErrorShare()) {
            return Optional.of(figures(
                    rollout,
                    who
                            + Say.of(
                                    "%,d errors in %s are %s, more than %s",
                                    sums.allErrors(),
                                    Say.rows(sums.judgedRows()),
                                    Say.percent(errorShare(rollout)),
                                    Say.percent(policy.maxErrorShare()))));
        }
        OptionalDouble p99 = sums.worstP99(policy);
        return p99.isPresent() && p99.getAsDouble() > policy.maxP99().toMillis()
                ? Optional.of(figures(
                        rollout,
                        who
                                + Say.of(
                                        "p99 of %.1f ms is above %,d ms",
                                        p99.getAsDouble(), policy.maxP99().toMillis())))
                : Optional.empty();
    }

    /** All that a verdict about a stage may depend on. */
    private static Finding figures(Rollout rollout, String sentence) {
        HealthPolicy policy = rollout.challenger().rollout().health();
        HealthSums sums = rollout.stage().health();
        Finding finding = Finding.of(sentence)
                .with("rows", sums.allRows())
                .with("min_rows", rollout.minRows())
                .with("judged_rows", sums.judgedRows())
                .with("errors", sums.allErrors())
                .with("max_error_share", policy.maxErrorShare())
                .with("max_p99_millis", policy.maxP99().toMillis());
        OptionalDouble p99 = sums.worstP99(policy);
        return p99.isPresent() ? finding.with("p99_millis", p99.getAsDouble()) : finding;
    }

    private static String p99(Rollout rollout) {
        OptionalDouble p99 =
                rollout.stage().health().worstP99(rollout.challenger().rollout().health());
        return p99.isPresent() ? Say.of(", p99 at most %.1f ms", p99.getAsDouble()) : "";
    }

    private static double errorShare(Rollout rollout) {
        long rows = rollout.stage().health().judgedRows();
        return rows == 0 ? 0 : (double) rollout.stage().health().allErrors() / rows;
    }

    private static Ended ended(Challenger challenger, Instant at, End end, Finding why) {
        return new Ended(challenger.version(), challenger.retraining(), at, end, why.sentence());
    }

    private static State routed(State state) {
        return state.with(state.serving().with(state.serving().traffic().next()));
    }

    private static String champion(State state) {
        return state.serving().champion().orElseThrow();
    }
}
