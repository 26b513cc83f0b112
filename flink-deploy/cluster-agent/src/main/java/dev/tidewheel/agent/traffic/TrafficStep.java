package dev.tidewheel.agent.traffic;

import dev.tidewheel.agent.reconcile.Observed;

/** What to do next about a model's traffic. All steps may be done twice. */
sealed interface TrafficStep {
    /** Nothing: what is live is newer. */
    record Refuse() implements TrafficStep {}

    /** Write what is wanted to the registry. */
    record Publish() implements TrafficStep {}

    /** Take the traffic out of the registry: the alias decides alone again. */
    record Withdraw() implements TrafficStep {}

    /** Say what is seen. */
    record Report(Observed observed) implements TrafficStep {}
}
