package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import java.time.Instant;
import java.util.Arrays;

/**
 * Decides about the training and the rollout of one model, event by event. Pure: the same state and event give the same
 * decision, on any machine and at any time, so whoever has the inbox can compute all decisions again.
 *
 * <p><b>Total.</b> Every event gets a decision. One that says nothing usable is refused, and leaves the state as it was.
 * So does one that a defect of ours cannot take, see {@link Decision#isDefect}; but a tick moves the clock even then.
 *
 * <p><b>Time</b> is the newest tick's. An event that is dated later is decided at its own time, but only ticks move the
 * clock on, so one sender's wrong clock cannot carry all others along.
 *
 * <p><b>Repeated and reordered events.</b> Triggers are remembered by their ids. Everything else says how something is,
 * not what to do, and is held against what is awaited: a tick against the clock, an observation against slot and
 * generation, a window of health against those counted, a definition against the one in force.
 */
public final class Fold {
    private static final String OURS = "dev.tidewheel.";
    private static final int MESSAGE = 300;

    private Fold() {}

    /** @param state of the event's model */
    public static Decision decide(State state, LifecycleEvent event) {
        Instant sent = Instant.ofEpochMilli(event.getNow());
        Instant at = state.clock().filter(sent::isBefore).orElse(sent);
        try {
            Decision decision = take(state, event, sent, at).then(next -> Starts.drain(next, at));
            return decision.findings().isEmpty() ? decision.then(Fold::nothingDue) : decision;
        } catch (RuntimeException e) {
            // Whatever it was, the event would do it again: refused once, and the others go on.
            return Decision.defect(
                    event.getKind() == LifecycleEventKind.TICK
                                    && state.clock().filter(sent::isBefore).isEmpty()
                            ? state.with(sent)
                            : state,
                    event.getKind() + " cannot be taken: " + told(e));
        }
    }

    /** The same on every machine: a place in the JDK would depend on its version. */
    private static String told(RuntimeException e) {
        String where = Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .findFirst()
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .orElse("?");
        String what = String.valueOf(e.getMessage());
        return e.getClass().getName() + " (" + what.substring(0, Math.min(MESSAGE, what.length())) + ") at " + where;
    }

    private static Decision take(State state, LifecycleEvent event, Instant sent, Instant at) {
        return switch (event.getKind()) {
            case TICK -> tick(state, sent);
            case TRIGGER ->
                event.getTrigger() == null
                        ? incomplete(state, event)
                        : Triggers.decide(state, event.getId(), event.getTrigger(), sent, at);
            case OBSERVATION ->
                event.getObservation() == null
                        ? incomplete(state, event)
                        : Observations.decide(state, event.getObservation(), at);
            case APPROVAL ->
                event.getApproval() == null ? incomplete(state, event) : Vetoes.decide(state, event.getApproval(), at);
            case DEFINITION ->
                event.getDefinition() == null
                        ? incomplete(state, event)
                        : Definitions.decide(state, event.getDefinition());
            case HEALTH ->
                event.getHealth() == null
                        ? incomplete(state, event)
                        : HealthReports.decide(state, event.getHealth(), at);
            case OTHER -> Decision.refused(state, "this version does not know events of such a kind");
        };
    }

    private static Decision tick(State state, Instant now) {
        if (state.clock().filter(clock -> !now.isAfter(clock)).isPresent()) {
            return Decision.duplicate(
                    state, "the clock stands at " + state.clock().get() + " already");
        }
        return due(state.with(now), now).then(next -> Triggers.due(next, now));
    }

    private static Decision due(State state, Instant now) {
        if (state.phase() instanceof Phase.Training training) {
            return Trainings.due(state, training, now);
        }
        return state.phase() instanceof Phase.Rollout rollout
                ? Rollouts.due(state, rollout, now)
                : Decision.start(state);
    }

    private static Decision nothingDue(State state) {
        return Decision.unchanged(state, "nothing is due");
    }

    private static Decision incomplete(State state, LifecycleEvent event) {
        return Decision.refused(state, event.getKind() + " without its contents");
    }
}
