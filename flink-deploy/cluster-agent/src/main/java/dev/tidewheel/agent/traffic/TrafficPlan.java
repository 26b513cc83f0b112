package dev.tidewheel.agent.traffic;

import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.agent.reconcile.Observed;
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
        for (Map.Entry<String, Long> sidecar : state.applied().entrySet()) {
            if (sidecar.getValue() != generation) {
                return new TrafficStep.Report(Observed.of(
                        ObservedPhase.RUNNING,
                        "sidecar " + sidecar.getKey()
                                + (sidecar.getValue() == Sidecars.SILENT
                                        ? " does not say what it applies"
                                        : " applies generation " + sidecar.getValue())));
            }
        }
        return new TrafficStep.Report(Observed.succeeded(Map.of("generation", Long.toString(generation))));
    }
}
