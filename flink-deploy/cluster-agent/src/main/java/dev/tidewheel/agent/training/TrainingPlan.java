package dev.tidewheel.agent.training;

import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.agent.reconcile.Observed;
import dev.tidewheel.records.ObservedPhase;
import java.time.Duration;

/**
 * From what is desired and what is there to what to do next: pure, so that any sequence of crashes can be played through.
 * Whoever carries a step out looks again before the next.
 *
 * @param starts how often a run may be started
 * @param deadline of a run, for the reason of a failure
 */
public record TrainingPlan(int starts, Duration deadline) {

    /** The next step. */
    public TrainingStep next(Wanted wanted, RunState state) {
        boolean running = state.process() == Launcher.Life.RUNNING;
        if (state.generation() > wanted.generation()) {
            return new TrainingStep.Refuse();
        }
        if (!wanted.present()) {
            return running ? new TrainingStep.Stop() : report(ObservedPhase.ABSENT, "");
        }
        if (state.generation() != 0 && !state.specHash().equals(wanted.specHash())) {
            return running ? new TrainingStep.Stop() : new TrainingStep.Clear();
        }
        if (state.generation() != wanted.generation()) {
            return new TrainingStep.Prepare();
        }
        if (state.result().isPresent()) {
            return finished(state, state.result().get());
        }
        return unfinished(state, running);
    }

    private TrainingStep finished(RunState state, TrainingResult result) {
        if (result.failure().isPresent()) {
            return new TrainingStep.Report(Observed.failed(result.failure().get()));
        }
        if (!state.registered()) {
            return new TrainingStep.Register();
        }
        if (state.served()) {
            return new TrainingStep.Report(Observed.succeeded(result.outputs()));
        }
        return state.expired()
                ? new TrainingStep.Report(Observed.failed(
                        "trained and registered, but the model server did not load it within " + deadline))
                : report(ObservedPhase.RUNNING, "registered; the model server has not loaded it yet");
    }

    private TrainingStep unfinished(RunState state, boolean running) {
        if (state.expired()) {
            return running
                    ? new TrainingStep.Stop()
                    : new TrainingStep.Report(Observed.failed("not finished within " + deadline));
        }
        if (running) {
            return report(ObservedPhase.RUNNING, "");
        }
        return state.starts() < starts ? new TrainingStep.Start() : new TrainingStep.ReportDead();
    }

    private static TrainingStep report(ObservedPhase phase, String reason) {
        return new TrainingStep.Report(Observed.of(phase, reason));
    }
}
