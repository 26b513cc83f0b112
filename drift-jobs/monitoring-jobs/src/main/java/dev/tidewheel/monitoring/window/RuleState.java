package dev.tidewheel.monitoring.window;

import dev.tidewheel.drift.verdict.Persistence;

/**
 * What a rule remembers of a cell between windows. Flat, for Flink's serialisers.
 *
 * @param recent see {@link Persistence.State}
 * @param firing see there
 * @param quietUntil see there
 * @param firedStart the start of the window that fired last, epoch milliseconds
 */
public record RuleState(long recent, boolean firing, long quietUntil, long firedStart) {
    /** Nothing judged yet. */
    public static final RuleState NONE = of(Persistence.State.NONE, 0);

    static RuleState of(Persistence.State state, long firedStart) {
        return new RuleState(state.recent(), state.firing(), state.quietUntil(), firedStart);
    }

    Persistence.State state() {
        return new Persistence.State(recent, firing, quietUntil);
    }
}
