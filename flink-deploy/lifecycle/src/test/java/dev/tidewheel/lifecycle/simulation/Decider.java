package dev.tidewheel.lifecycle.simulation;

import dev.tidewheel.lifecycle.fold.Decision;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.records.LifecycleEvent;

/** The fold, or one that is broken on purpose. */
@FunctionalInterface
interface Decider {
    Decision decide(State state, LifecycleEvent event);
}
