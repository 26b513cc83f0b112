package dev.tidewheel.agent.traffic;

import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.agent.reconcile.Observed;
import dev.tidewheel.agent.traffic.TrafficState.Applied;
import dev.tidewheel.records.ObservedPhase;
import java.util.Map;

/** From what is desired and what is there to what to do next: pure. */
final class TrafficPlan {
    private TrafficPlan() {}

    static TrafficStep next(Wanted wanted, TrafficState state) {
        long generation = wanted.generation();
        if (state.published().orElse(0) > generation) {
            return new TrafficStep.Refuse();
        }
        if (!wanted.present()) {
            return state.published().isPresent()
                    ? new TrafficStep.Withdraw()
                    : new TrafficStep.Report(Observed.of(ObservedPhase.ABSENT, ""));
        }
        if (!state.asWanted()) {
            return new TrafficStep.Publish();
        }
        for (Map.Entry<String, Applied> sidecar : state.applied().entrySet()) {
            if (sidecar.getValue().generation() != generation) {
                String reason =
                        "sidecar " + sidecar.getKey() + " " + sidecar.getValue().describe();
                return new TrafficStep.Report(
                        state.expired() ? Observed.failed(reason) : Observed.of(ObservedPhase.RUNNING, reason));
            }
        }
        return new TrafficStep.Report(Observed.succeeded(Map.of("generation", Long.toString(generation))));
    }
}
