package dev.tidewheel.agent.reconcile;

import dev.tidewheel.records.ObservedPhase;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What was seen of one thing. Two equal ones are one observation, so the reason must not change while nothing happens.
 *
 * @param reason of a failure or a wait; else empty
 * @param outputs what a finished thing left behind
 */
public record Observed(ObservedPhase phase, String reason, Map<String, String> outputs) {
    public Observed {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(reason, "reason");
        outputs = Map.copyOf(new TreeMap<>(outputs));
    }

    public static Observed of(ObservedPhase phase, String reason) {
        return new Observed(phase, reason, Map.of());
    }

    public static Observed succeeded(Map<String, String> outputs) {
        return new Observed(ObservedPhase.SUCCEEDED, "", outputs);
    }

    public static Observed failed(String reason) {
        return of(ObservedPhase.FAILED, reason);
    }

    /** Whether nothing more will come of this generation by itself. */
    public boolean isFinal() {
        return phase == ObservedPhase.SUCCEEDED || phase == ObservedPhase.FAILED || phase == ObservedPhase.ABSENT;
    }
}
