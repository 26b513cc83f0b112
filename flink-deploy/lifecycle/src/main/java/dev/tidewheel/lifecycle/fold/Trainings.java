package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.Ended;
import dev.tidewheel.lifecycle.state.Ended.End;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.Phase.Cancelling;
import dev.tidewheel.lifecycle.state.Phase.Training;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A run from its start to the gate. */
final class Trainings {
    /** A training that says nothing for so long is given up, so that no lost cluster blocks a model for ever. */
    static final Duration LONGEST = Duration.ofDays(7);

    private Trainings() {}

    /** The training is done: the gate judges. */
    static Decision succeeded(State state, Training training, Map<String, String> outputs, Instant at) {
        Run run = training.run();
        Gate.Verdict verdict = Gate.judge(run, state.serving(), outputs);
        Wish done = Specs.cancelled(state.model(), run, state.serving());
        if (!verdict.passed()) {
            return ended(state, run, End.REFUSED, refused(verdict.finding(), state), at, done);
        }
        Finding passed = verdict.finding();
        Finding onward = new Finding(passed.sentence() + "; goes to shadow", passed.numbers());
        return Rollouts.enter(state, training.passed(at), onward).and(done);
    }

    static Decision failed(State state, Training training, String why, Instant at) {
        Run run = training.run();
        Finding finding = Finding.of("the training of " + run.version() + " failed: " + (why.isBlank() ? "?" : why));
        return ended(state, run, End.FAILED, finding, at, Specs.cancelled(state.model(), run, state.serving()));
    }

    /** Asks for its end; until somebody says that it is gone, no other run starts. */
    static Decision cancel(State state, Training training, Finding why, Instant at) {
        Run run = training.run();
        return Decision.changed(
                state.with(training.cancel())
                        .with(new Ended(run.version(), run.retraining().name(), at, End.CANCELLED, why.sentence())),
                why,
                Specs.cancelled(state.model(), run, state.serving()));
    }

    /** The cluster has let go of it. */
    static Decision gone(State state, Cancelling cancelling) {
        return Decision.changed(
                state.with(new Phase.Idle()),
                Finding.of("the training of " + cancelling.run().version() + " has stopped"));
    }

    /** What is due at a tick. */
    static Decision due(State state, Training training, Instant at) {
        Run run = training.run();
        return at.isBefore(run.startedAt().plus(LONGEST))
                ? Decision.unchanged(state, run.version() + " is being trained")
                : cancel(
                        state,
                        training,
                        Finding.of("the training of " + run.version() + " has not ended within " + LONGEST.toDays()
                                + " days and is given up"),
                        at);
    }

    private static Finding refused(Finding why, State state) {
        return new Finding(
                why.sentence() + "; refused, " + state.serving().champion().orElse("?") + " stays champion",
                why.numbers());
    }

    private static Decision ended(State state, Run run, End end, Finding why, Instant at, Wish done) {
        Ended ended = new Ended(run.version(), run.retraining().name(), at, end, why.sentence());
        return Decision.changed(state.with(new Phase.Idle()).with(ended), why, done);
    }
}
